-- What a proposal would change beside an application, as it was found when it was made (room registry).

-- +goose Up
alter table proposal add column thing text not null default ''; -- digest; empty: nothing but an application

-- +goose Down
alter table proposal drop column thing;
