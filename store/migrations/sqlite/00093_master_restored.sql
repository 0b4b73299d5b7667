-- When cards were made again under a master that a lost SAM had ended; 0: they are not (room registry).

-- +goose Up
alter table master_retired add column restored_at integer not null default 0;

-- +goose Down
alter table master_retired drop column restored_at;
