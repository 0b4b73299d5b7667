-- Cards that are destroyed, with those that the station never made (room registry).

-- +goose Up
create table foreign_card (
    id            text    primary key,
    kind          text    not null check (kind in ('paper_ktp', 'ktp_el', 'unknown')),
    chip          text    not null,
    application   text    not null, -- at whose hand-over it was surrendered
    state         text    not null check (state in ('kept', 'destroyed', 'sent')),
    at            bigint  not null,
    actor         text    not null,
    sealed_detail text    not null
);

create unique index foreign_card_chip on foreign_card (chip) where chip <> '';

create table destruction (
    id               text    primary key,
    policy           text    not null check (policy in ('DESTROY_LOCALLY', 'RETURN_TO_CENTER')),
    state            text    not null check (state in ('open', 'counted in', 'destroyed', 'sent', 'acknowledged', 'cancelled')),
    opened_by        text    not null,
    opened_at        bigint  not null,
    counted_by       text    not null,
    counted_at       bigint  not null,
    ended_by         text    not null,
    ended_at         bigint  not null,
    reference        text    not null, -- of the acknowledgement
    sealed_witnesses text    not null,
    pictures         text    not null
);

create index destruction_state on destruction (state, id);

create table destruction_item (
    destruction text    not null references destruction (id),
    item        text    not null, -- chip of a card, or id of a foreign one
    kind        text    not null check (kind in ('card', 'spoiled', 'foreign', 'roll')),
    chip_state  text    not null,
    waits       bigint  not null check (waits in (0, 1)),
    primary key (destruction, item)
);

-- What waits for destruction is in one list.
create unique index destruction_item_waits on destruction_item (item) where waits = 1;

-- +goose Down
drop table destruction_item;
drop table destruction;
drop table foreign_card;
