-- Starts of stations, and who released their lines (room registry).

-- +goose Up
create table start (
    id            text    primary key,
    station       text    not null,
    at            integer not null,
    program       text    not null, -- digests of what was started
    configuration text    not null,
    keys          text    not null,
    ended         text    not null check (ended in ('', 'stop', 'crash')),
    ended_at      integer not null,
    released_by   text    not null,
    second        text    not null, -- who released with them, or confirmed it later
    released_at   integer not null,
    shift         text    not null, -- in which one person released it; empty: two did
    confirmed_at  integer not null
) strict;

-- One process of a station at a time.
create unique index start_running on start (station) where ended = '';
create index start_newest on start (station, at);

-- +goose Down
drop table start;
