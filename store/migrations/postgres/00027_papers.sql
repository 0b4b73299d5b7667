-- Papers that were issued (room registry): ids, codes and hashes, no personal data.

-- +goose Up
create table paper (
    number      text    primary key,
    code        text    not null unique, -- proves it
    kind        text    not null,
    subject     text    not null,
    application text    not null,        -- empty: it is about none
    office      text    not null,
    place       text    not null,        -- service place of who issued it; empty: the Dinas
    issued_at   bigint not null,
    issued_by   text    not null,
    pages       bigint not null check (pages > 0),
    digest      text    not null,        -- SHA-256 of what it tells, hex
    copies      bigint not null,
    state       text    not null check (state in ('valid', 'replaced', 'withdrawn')),
    ended_at    bigint not null,
    reason      text    not null
);

create index paper_subject on paper (kind, subject, issued_at);
create index paper_application on paper (application) where application <> '';

-- +goose Down
drop table paper;
