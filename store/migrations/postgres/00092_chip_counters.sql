-- The sequence counters of the key sets of chips, as they were last proved (room registry).

-- +goose Up
create table chip_counter (
    chip    text   not null,
    version bigint not null,
    counter bigint not null,
    at      bigint not null,
    primary key (chip, version)
);

-- +goose Down
drop table chip_counter;
