-- How many uses a SAM had left when its desk told last; null: it told none (room registry).

-- +goose Up
alter table health add column uses_left bigint;

-- +goose Down
alter table health drop column uses_left;
