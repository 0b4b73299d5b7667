-- The temperature at which the printer of a line transfers its film, as a person read it on the printer's display last: no
-- printer tells it (room jobs).

-- +goose Up
alter table line add column transfer_degrees bigint not null default 0;
alter table line add column transfer_at bigint not null default 0;
alter table line add column transfer_by text not null default '';

-- +goose Down
alter table line drop column transfer_by;
alter table line drop column transfer_at;
alter table line drop column transfer_degrees;
