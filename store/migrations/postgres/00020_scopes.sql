-- What a system's token lets it do over OSIA (room registry/access).

-- +goose Up
alter table token add column scopes text not null default ''; -- separated by blanks

-- +goose Down
alter table token drop column scopes;
