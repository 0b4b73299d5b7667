-- A hopper of blanks that a list names by their chips: one that leaves it unread takes no name with it, so that fewer lie
-- there than are named (room stock). And which blanks are denied stands on them.

-- +goose Up
update readable set since = 156; -- a program of before gives such a blank the oldest name

create table stock_counted (
    lot      text    not null references lot (id),
    place    text    not null,
    quantity integer not null check (quantity >= 0 or substr(place, 1, 7) = 'hopper/'),
    since    integer not null,
    primary key (lot, place)
) strict;
insert into stock_counted (lot, place, quantity, since) select lot, place, quantity, since from stock_unread;
drop table stock_unread;
alter table stock_counted rename to stock_unread;

alter table blank add column denied integer not null default 0;
update blank set denied = 1 where chip in (select chip from denied_blank);
create index blank_denied on blank (place, lot) where denied = 1;

-- +goose Down
drop index blank_denied;
alter table blank drop column denied;

create table stock_counted (
    lot      text    not null references lot (id),
    place    text    not null,
    quantity integer not null check (quantity >= 0),
    since    integer not null,
    primary key (lot, place)
) strict;
insert into stock_counted (lot, place, quantity, since) select lot, place, quantity, since from stock_unread;
drop table stock_unread;
alter table stock_counted rename to stock_unread;
