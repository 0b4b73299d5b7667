-- What was captured of a resident, and what the resident confirmed (room registry).

-- +goose Up
create table capture (
    application text    primary key references application (id),
    number      bigint not null check (number > 0), -- how often it was captured
    at          bigint not null,
    actor       text    not null,
    place       text    not null,
    first       bigint not null, -- fingers for the chip, 0: none
    second      bigint not null,
    verified_at bigint not null,
    verified_by text    not null,
    erased_at   bigint not null
);

create table capture_part (
    application     text    not null references capture (application),
    part            text    not null,
    source          text    not null,
    device          text    not null,
    quality         bigint not null check (quality between 0 and 100),
    tries           bigint not null,
    missing         text    not null,
    score           bigint not null, -- of the second impression, chip fingers only
    mime            text    not null,
    sealed_data     bytea    not null,
    sealed_template bytea    not null,
    sealed_second   bytea    not null,
    primary key (application, part)
);

create table confirmation (
    application  text    not null references application (id),
    number       bigint not null check (number > 0),
    hash         text    not null,
    at           bigint not null,
    actor        text    not null,
    method       text    not null,
    sealed_proof bytea    not null,
    primary key (application, number)
);

-- +goose Down
drop table confirmation;
drop table capture_part;
drop table capture;
