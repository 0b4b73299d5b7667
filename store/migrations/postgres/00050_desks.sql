-- Computers at counters whose agent brings devices to the pages, and the tickets by which one acts for a
-- person at a page (room registry).

-- +goose Up
create table desk (
    id          text primary key,
    place       text not null,
    code        bytea, -- hash of the pairing code; null once it was used
    certificate bytea, -- SHA-256 of the paired certificate (DER); null before
    invited_by  text not null,
    expires_at  bigint  not null, -- of the code
    paired_at   bigint  not null,
    revoked_at  bigint  not null
);

create unique index desk_code on desk (code);
create unique index desk_certificate on desk (certificate);

create table desk_ticket (
    hash        bytea primary key,
    person      text not null,
    application text not null,
    expires_at  bigint  not null
);

create index desk_ticket_expires on desk_ticket (expires_at);

-- +goose Down
drop table desk_ticket;
drop table desk;
