-- The version of the application that a proposal was made for (room registry).

-- +goose Up
alter table proposal add column version integer not null default 0;

-- +goose Down
alter table proposal drop column version;
