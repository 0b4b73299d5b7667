-- Of which profile the card of an order is, and its blank with it: KTP-el of a citizen, or KTP-el OA of a foreign resident
-- (room jobs).

-- +goose Up
update readable set since = 154; -- a program of before makes any card of any blank
alter table card_order add column profile text not null default 'ktp-el-wni';

update card_order set profile = 'ktp-el-oa' where application in (select application from record where profile = 'ktp-el-oa');

-- The queue as a line walks it that has blanks for one profile.
create index card_order_profile on card_order (profile, priority desc, due, seq)
    where state in ('waiting', 'leased') and held = 0 and needs_record = 0;

-- +goose Down
drop index card_order_profile;
alter table card_order drop column profile;
