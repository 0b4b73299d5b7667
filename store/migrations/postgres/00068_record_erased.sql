-- When the person was taken out of a record by the rules of retention (room registry).

-- +goose Up
alter table record add column erased_at bigint not null default 0;

-- +goose Down
alter table record drop column erased_at;
