-- The head of the event log as it is told outside the station, once a day (room registry/audit).

-- +goose Up
create table event_anchor (
    day     text  not null primary key, -- yyyy-mm-dd
    id      bigint not null check (id > 0),
    hash    bytea not null check (length(hash) = 32),
    at      bigint not null,
    told_at bigint not null default 0 -- 0: the center has not taken it
);

-- +goose Down
drop table event_anchor;
