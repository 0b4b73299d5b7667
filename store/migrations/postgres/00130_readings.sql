-- What a device told of itself last: no event, and gone once it tells anew (room registry).

-- +goose Up
create table reading (
    device   text    primary key,
    told     text    not null, -- JSON of registry.Reading
    at       bigint not null,
    asked_at bigint not null -- 0: nobody waits for it
);

-- +goose Down
drop table reading;
