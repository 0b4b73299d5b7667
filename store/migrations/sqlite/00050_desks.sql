-- Computers at counters whose agent brings devices to the pages, and the tickets by which one acts for a
-- person at a page (room registry).

-- +goose Up
create table desk (
    id          text primary key,
    place       text not null,
    code        blob, -- hash of the pairing code; null once it was used
    certificate blob, -- SHA-256 of the paired certificate (DER); null before
    invited_by  text not null,
    expires_at  integer not null, -- of the code
    paired_at   integer not null,
    revoked_at  integer not null
) strict;

create unique index desk_code on desk (code);
create unique index desk_certificate on desk (certificate);

create table desk_ticket (
    hash        blob primary key,
    person      text not null,
    application text not null,
    expires_at  integer not null
) strict;

create index desk_ticket_expires on desk_ticket (expires_at);

-- +goose Down
drop table desk_ticket;
drop table desk;
