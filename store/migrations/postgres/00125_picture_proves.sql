-- What a kept picture proves: one thing, from its first use on (room registry).

-- +goose Up
alter table picture add column proves text not null default ''; -- attempt/ID, card/CHIP, destruction/ID; empty: nothing yet

-- +goose Down
alter table picture drop column proves;
