-- Blanks: how many and where (room registry/stock). A blank that left a hopper has a row of its
-- own; before that it is counted per lot and place.

-- +goose Up
create table lot (
    id          text    primary key,
    product     text    not null,
    received_at integer not null
) strict;

create table stock_unread (
    lot      text    not null references lot (id),
    place    text    not null,
    quantity integer not null check (quantity >= 0),
    since    integer not null,
    primary key (lot, place)
) strict;

create table blank (
    id      integer primary key,
    chip    text    unique,
    lot     text    not null references lot (id),
    place   text    not null,
    attempt text    not null,
    since   integer not null
) strict;

create unique index blank_attempt on blank (attempt) where attempt <> '';
create index blank_place on blank (place);

create table stock_movement (
    id         integer primary key autoincrement,
    at         integer not null,
    lot        text    not null references lot (id),
    blank      integer not null,
    from_place text    not null,
    to_place   text    not null check (to_place <> from_place),
    quantity   integer not null check (quantity > 0),
    attempt    text    not null,
    actor      text    not null,
    reason     text    not null
) strict;

create index stock_movement_blank on stock_movement (blank) where blank > 0;

-- +goose StatementBegin
create trigger stock_movement_keep_update before update on stock_movement
begin
    select raise(abort, 'stock movements are append-only');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger stock_movement_keep_delete before delete on stock_movement
begin
    select raise(abort, 'stock movements are append-only');
end;
-- +goose StatementEnd

create table denied_blank (
    chip   text    primary key,
    reason text    not null,
    at     integer not null,
    actor  text    not null
) strict;

-- +goose Down
drop table denied_blank;
drop table stock_movement;
drop table blank;
drop table stock_unread;
drop table lot;
