-- Data keys, each wrapped by one or more root keys that lie outside of the ledger (room store). A ledger with
-- a row here holds every value of a sealed column sealed; one without, every value in clear.

-- +goose Up
create table data_key (
    id      bigint not null check (id > 0), -- the newest seals
    root    text   not null,                -- name of the root key
    wrapped bytea  not null,
    made_at bigint not null,
    primary key (id, root)
);

-- +goose Down
drop table data_key;
