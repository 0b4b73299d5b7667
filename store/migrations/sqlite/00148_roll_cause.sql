-- Why what a printer used of a roll is not what the ledger knows of (room registry).

-- +goose Up
alter table roll add column cause text not null default '';

-- +goose Down
alter table roll drop column cause;
