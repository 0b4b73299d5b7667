-- The state that a chip told when it was examined; what a picture proves is looked up (room registry).

-- +goose Up
alter table chip_examination add column state text not null default ''; -- blank, claimed, written, active, blocked, terminated, foreign; empty: not read
create index picture_proves on picture (proves) where proves <> '';

-- +goose Down
drop index picture_proves;
alter table chip_examination drop column state;
