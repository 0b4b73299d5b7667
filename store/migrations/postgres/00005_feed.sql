-- How far the station has read the center's feed (room registry).

-- +goose Up
create table feed_cursor (
    office text    primary key,
    cursor text    not null,
    at     bigint  not null
);

-- +goose Down
drop table feed_cursor;
