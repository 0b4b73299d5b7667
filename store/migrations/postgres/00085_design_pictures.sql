-- What a face looked like that two persons approved, to be held against another one (room registry).

-- +goose Up
create table design_picture (
    hash    text primary key, -- of the template, SHA-256, hex
    picture bytea not null     -- of the front with no person's data on it, PNG
);

-- +goose Down
drop table design_picture;
