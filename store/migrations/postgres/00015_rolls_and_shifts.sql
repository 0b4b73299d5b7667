-- Ribbons and films, shifts with their blind counts, inspections by sample (room registry).

-- +goose Up
create table roll (
    serial     text    primary key,
    kind       text    not null check (kind in ('ribbon', 'film')),
    product    text    not null,
    panels     bigint  not null check (panels > 0), -- cards that a new one is good for
    state      text    not null check (state in ('store', 'fitted', 'removed', 'destroyed')),
    line       text    not null,
    seal       text    not null,
    told_left  bigint  not null, -- by the printer or by who removed it; -1: not told
    received_at bigint  not null,
    fitted_at  bigint  not null,
    removed_at bigint  not null
);

-- One roll of a kind on a line.
create unique index roll_fitted on roll (line, kind) where state = 'fitted';
create index roll_state on roll (state, serial);

create table shift (
    id         text    primary key,
    state      text    not null check (state in ('open', 'closed')),
    opened_by  text    not null,
    opened_second text not null,
    opened_at  bigint  not null,
    closed_by  text    not null,
    closed_second text not null,
    closed_at  bigint  not null,
    recounts   bigint  not null,
    reason     text    not null, -- of a difference that was settled
    anchor_id  bigint  not null, -- head of the event log when it closed
    anchor     bytea    not null
);

create unique index shift_open on shift (state) where state = 'open';

create table shift_count (
    shift    text    not null references shift (id),
    turn     text    not null check (turn in ('open', 'close')),
    n        bigint  not null,
    place    text    not null,
    lot      text    not null,
    counted  bigint  not null,
    expected bigint  not null,
    primary key (shift, turn, n, place, lot)
);

create table inspection (
    id        text    primary key,
    seed      text    not null,
    state     text    not null check (state in ('open', 'closed')),
    drawn_by  text    not null,
    drawn_at  bigint  not null,
    closed_at bigint  not null
);

create table inspection_item (
    inspection   text    not null references inspection (id),
    item         text    not null,
    kind         text    not null check (kind in ('card', 'blank', 'roll')),
    place        text    not null, -- where the ledger had it
    presented_at bigint  not null,
    presented_by text    not null,
    primary key (inspection, item)
);

-- +goose Down
drop table inspection_item;
drop table inspection;
drop table shift_count;
drop table shift;
drop table roll;
