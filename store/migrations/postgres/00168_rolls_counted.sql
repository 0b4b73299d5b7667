-- A shift counts ribbons and films beside blanks; one that is missing is lost (room registry).

-- +goose Up
update readable set since = 168; -- a program of before takes rolls for blanks, and a lost roll for none
alter table shift_count add column kind text not null default 'blank' check (kind in ('blank', 'ribbon', 'film'));
alter table shift_count alter column kind drop default;
alter table shift_count drop constraint shift_count_pkey;
alter table shift_count add primary key (shift, turn, n, kind, place, lot);

alter table roll drop constraint roll_state_check;
alter table roll add constraint roll_state_check check (state in ('store', 'fitted', 'removed', 'destroyed', 'lost'));

-- +goose Down
update roll set state = 'destroyed' where state = 'lost';
alter table roll drop constraint roll_state_check;
alter table roll add constraint roll_state_check check (state in ('store', 'fitted', 'removed', 'destroyed'));

delete from shift_count where kind <> 'blank';
alter table shift_count drop constraint shift_count_pkey;
alter table shift_count add primary key (shift, turn, n, place, lot);
alter table shift_count drop column kind;
