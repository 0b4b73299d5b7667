-- A shift counts ribbons and films beside blanks; one that is missing is lost (room registry).

-- +goose Up
update readable set since = 168; -- a program of before takes rolls for blanks, and a lost roll for none
create table heap_counted (
    shift    text    not null references shift (id),
    turn     text    not null check (turn in ('open', 'close')),
    n        integer not null,
    kind     text    not null check (kind in ('blank', 'ribbon', 'film')),
    place    text    not null,
    lot      text    not null, -- of rolls: their product
    counted  integer not null,
    expected integer not null,
    primary key (shift, turn, n, kind, place, lot)
) strict;
insert into heap_counted (shift, turn, n, kind, place, lot, counted, expected)
    select shift, turn, n, 'blank', place, lot, counted, expected from shift_count;
drop table shift_count;
alter table heap_counted rename to shift_count;

create table roll_or_lost (
    serial     text    primary key,
    kind       text    not null check (kind in ('ribbon', 'film')),
    product    text    not null,
    panels     integer not null check (panels > 0), -- cards that a new one is good for
    state      text    not null check (state in ('store', 'fitted', 'removed', 'destroyed', 'lost')),
    line       text    not null,
    seal       text    not null,
    told_left  integer not null, -- by the printer or by who removed it; -1: not told
    received_at integer not null,
    fitted_at  integer not null,
    removed_at integer not null, -- or when it was lost
    cause      text    not null default ''
) strict;
insert into roll_or_lost (serial, kind, product, panels, state, line, seal, told_left, received_at, fitted_at, removed_at, cause)
    select serial, kind, product, panels, state, line, seal, told_left, received_at, fitted_at, removed_at, cause from roll;
drop table roll;
alter table roll_or_lost rename to roll;
create unique index roll_fitted on roll (line, kind) where state = 'fitted';
create index roll_state on roll (state, serial);

-- +goose Down
create table roll_here (
    serial     text    primary key,
    kind       text    not null check (kind in ('ribbon', 'film')),
    product    text    not null,
    panels     integer not null check (panels > 0),
    state      text    not null check (state in ('store', 'fitted', 'removed', 'destroyed')),
    line       text    not null,
    seal       text    not null,
    told_left  integer not null,
    received_at integer not null,
    fitted_at  integer not null,
    removed_at integer not null,
    cause      text    not null default ''
) strict;
insert into roll_here (serial, kind, product, panels, state, line, seal, told_left, received_at, fitted_at, removed_at, cause)
    select serial, kind, product, panels, case when state = 'lost' then 'destroyed' else state end, line, seal, told_left, received_at, fitted_at, removed_at, cause from roll;
drop table roll;
alter table roll_here rename to roll;
create unique index roll_fitted on roll (line, kind) where state = 'fitted';
create index roll_state on roll (state, serial);

create table blanks_counted (
    shift    text    not null references shift (id),
    turn     text    not null check (turn in ('open', 'close')),
    n        integer not null,
    place    text    not null,
    lot      text    not null,
    counted  integer not null,
    expected integer not null,
    primary key (shift, turn, n, place, lot)
) strict;
insert into blanks_counted (shift, turn, n, place, lot, counted, expected)
    select shift, turn, n, place, lot, counted, expected from shift_count where kind = 'blank';
drop table shift_count;
alter table blanks_counted rename to shift_count;
