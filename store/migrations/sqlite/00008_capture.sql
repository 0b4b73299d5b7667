-- What was captured of a resident, and what the resident confirmed (room registry).

-- +goose Up
create table capture (
    application text    primary key references application (id),
    number      integer not null check (number > 0), -- how often it was captured
    at          integer not null,
    actor       text    not null,
    place       text    not null,
    first       integer not null, -- fingers for the chip, 0: none
    second      integer not null,
    verified_at integer not null,
    verified_by text    not null,
    erased_at   integer not null
) strict;

create table capture_part (
    application     text    not null references capture (application),
    part            text    not null,
    source          text    not null,
    device          text    not null,
    quality         integer not null check (quality between 0 and 100),
    tries           integer not null,
    missing         text    not null,
    score           integer not null, -- of the second impression, chip fingers only
    mime            text    not null,
    sealed_data     blob    not null,
    sealed_template blob    not null,
    sealed_second   blob    not null,
    primary key (application, part)
) strict;

create table confirmation (
    application  text    not null references application (id),
    number       integer not null check (number > 0),
    hash         text    not null,
    at           integer not null,
    actor        text    not null,
    method       text    not null,
    sealed_proof blob    not null,
    primary key (application, number)
) strict;

-- +goose Down
drop table confirmation;
drop table capture_part;
drop table capture;
