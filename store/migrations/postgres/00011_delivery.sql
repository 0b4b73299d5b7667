-- Service places, consignments between them, tries of a 1:1, what is looked into (room registry).

-- +goose Up
create table place (
    id     text    primary key,
    kind   text    not null check (kind in ('dinas', 'kecamatan', 'kelurahan', 'directorate', 'other_dinas')),
    name   text    not null,
    parent text    not null,
    region text    not null,
    active bigint  not null check (active in (0, 1)),
    since  bigint  not null
);

-- Where an application's card goes, once a person has changed it.
create table delivery (
    application text    primary key references application (id),
    place       text    not null references place (id),
    at          bigint  not null,
    actor       text    not null
);

create table consignment (
    id          text    primary key,
    kind        text    not null check (kind in ('out', 'onward', 'back', 'redirect', 'directorate')),
    from_place  text    not null,
    to_place    text    not null,
    state       text    not null check (state in ('open', 'sealed', 'shipped', 'received', 'lost', 'cancelled')),
    seal        text    not null,
    opened_by   text    not null,
    opened_at   bigint  not null,
    shipped_by  text    not null,
    shipped_at  bigint  not null,
    received_by text    not null,
    received_at bigint  not null,
    check (from_place <> to_place)
);

create index consignment_state on consignment (state, id);

create table consignment_card (
    consignment text    not null references consignment (id),
    chip        text    not null,
    application text    not null, -- empty: a card that the register does not know
    state       text    not null check (state in ('packed', 'arrived', 'missing', 'extra', 'lost')),
    travels     bigint  not null check (travels in (0, 1)),
    at          bigint  not null,
    primary key (consignment, chip)
);

-- A card travels in one consignment.
create unique index consignment_card_travels on consignment_card (chip) where travels = 1;

create table investigation (
    id          text    primary key,
    kind        text    not null,
    consignment text    not null,
    chip        text    not null,
    application text    not null,
    state       text    not null check (state in ('open', 'closed')),
    opened_at   bigint  not null,
    closed_at   bigint  not null,
    closed_by   text    not null,
    outcome     text    not null
);

create index investigation_state on investigation (state, id);
create index investigation_chip on investigation (chip);

create table match_try (
    application text    not null references application (id),
    number      bigint  not null check (number > 0),
    chip        text    not null,
    at          bigint  not null,
    actor       text    not null,
    place       text    not null,
    finger      bigint  not null,
    score       bigint  not null,
    result      text    not null check (result in ('matched', 'no_match', 'not_genuine', 'exception')),
    primary key (application, number)
);

create index match_try_at on match_try (at);

create table handover (
    application text    primary key references application (id),
    chip        text    not null,
    at          bigint  not null,
    actor       text    not null,
    second      text    not null,
    exception   text    not null, -- reason; empty: as the rule says
    matched     bigint  not null check (matched in (0, 1)), -- 0: to a proxy, until the holder matches
    old_card    text    not null check (old_card in ('none', 'surrendered', 'not_surrendered')),
    sealed_to   text    not null
);

create index handover_exception on handover (actor, at) where exception <> '';
create index handover_unmatched on handover (at) where matched = 0;

-- +goose Down
drop table handover;
drop table match_try;
drop table investigation;
drop table consignment_card;
drop table consignment;
drop table delivery;
drop table place;
