-- Pictures that prove what was done with a card: of a face whose chip is mute, of what was destroyed (room registry).

-- +goose Up
create table picture (
    digest      text primary key, -- SHA-256 of what is kept, hex
    mime        text not null,
    at          bigint not null,
    actor       text not null,
    sealed_data bytea not null
);

-- +goose Down
drop table picture;
