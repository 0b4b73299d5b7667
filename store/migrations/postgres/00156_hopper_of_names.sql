-- A hopper of blanks that a list names by their chips: one that leaves it unread takes no name with it, so that fewer lie
-- there than are named (room stock). And which blanks are denied stands on them.

-- +goose Up
update readable set since = 156; -- a program of before gives such a blank the oldest name

alter table stock_unread drop constraint stock_unread_quantity_check;
alter table stock_unread add constraint stock_unread_quantity_check check (quantity >= 0 or substr(place, 1, 7) = 'hopper/');

alter table blank add column denied integer not null default 0;
update blank set denied = 1 where chip in (select chip from denied_blank);
create index blank_denied on blank (place, lot) where denied = 1;

-- +goose Down
drop index blank_denied;
alter table blank drop column denied;

alter table stock_unread drop constraint stock_unread_quantity_check;
alter table stock_unread add constraint stock_unread_quantity_check check (quantity >= 0);
