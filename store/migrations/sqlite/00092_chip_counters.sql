-- The sequence counters of the key sets of chips, as they were last proved (room registry).

-- +goose Up
create table chip_counter (
    chip    text    not null,
    version integer not null,
    counter integer not null,
    at      integer not null,
    primary key (chip, version)
) strict;

-- +goose Down
drop table chip_counter;
