-- Since when somebody waits for a device of a service place to be looked at anew; 0: nobody does (room registry).

-- +goose Up
alter table health add column asked_at bigint not null default 0;

-- +goose Down
alter table health drop column asked_at;
