-- The event of a person's hold that a newer version of the record did not end (room registry).

-- +goose Up
alter table application add column kept_hold integer not null default 0;

-- +goose Down
alter table application drop column kept_hold;
