-- Challenges that the chips of cards have to answer before a holder is compared (room registry).

-- +goose Up
create table chip_challenge (
    challenge  bytea  primary key,
    person     text   not null,
    chip       text   not null,
    expires_at bigint not null
);

create index chip_challenge_expires on chip_challenge (expires_at);

-- +goose Down
drop table chip_challenge;
