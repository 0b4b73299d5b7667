-- Whether a line was started anew since its feed counter was last held against the ledger (room registry).

-- +goose Up
alter table feed_mark add column stood bigint not null default 0 check (stood in (0, 1));

-- +goose Down
alter table feed_mark drop column stood;
