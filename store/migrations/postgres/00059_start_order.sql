-- Starts stand in the order in which they were written down, whatever the clock said (room registry).

-- +goose Up
alter table start add column number bigint not null default 0;
update start set number = (select count(*) from start as other where other.at < start.at or other.at = start.at and other.id <= start.id);
drop index start_newest;
create unique index start_newest on start (station, number);

-- +goose Down
drop index start_newest;
create index start_newest on start (station, at);
alter table start drop column number;
