-- By which version of the service standard a list of destruction was opened, and how many witnesses it asks for
-- (room registry). Lists of before were ended before one.

-- +goose Up
alter table destruction add column standard text not null default '';
alter table destruction add column least_witnesses integer not null default 1;

-- +goose Down
alter table destruction drop column least_witnesses;
alter table destruction drop column standard;
