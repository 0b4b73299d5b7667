-- What stands before a print-ready record: the list of obliged residents, the queue of the counter,
-- applications taken at the counter with what was presented (room registry).

-- +goose Up
create table resident_list (
    version     text    primary key,
    state       text    not null check (state in ('open', 'in use', 'replaced')),
    residents   integer not null,
    root        blob    not null,
    changed_at  integer not null,
    changed_by  text    not null
) strict;

create unique index resident_list_in_use on resident_list (state) where state = 'in use';

create table resident (
    list          text    not null references resident_list (version),
    id            text    not null,
    person        blob    not null,
    region        text    not null,
    added_by      text    not null, -- at the counter, by two persons; empty: it came with the list
    sealed_person text    not null,
    primary key (list, id)
) strict;

create unique index resident_person on resident (list, person);
create index resident_region on resident (list, region, id);

create table counter_ticket (
    place       text    not null,
    day         text    not null,
    number      integer not null check (number > 0),
    state       text    not null check (state in ('waiting', 'called', 'served', 'left')),
    taken_at    integer not null,
    called_at   integer not null,
    called_by   text    not null,
    jump        text    not null,
    application text    not null,
    primary key (place, day, number)
) strict;

create index counter_ticket_waiting on counter_ticket (place, day, number) where state = 'waiting';
create index counter_ticket_jump on counter_ticket (called_at) where jump <> '';

create table intake (
    application   text    primary key references application (id),
    receipt       text    not null unique,
    place         text    not null,
    delivery      text    not null,
    district      text    not null, -- PP.KK.CC
    list          text    not null,
    resident      text    not null,
    standard      text    not null,
    standard_hash text    not null,
    complete_at   integer not null,
    ready_at      integer not null, -- for collection; 0: not yet
    sealed_person text    not null,
    sealed_detail text    not null
) strict;

create index intake_district on intake (district, application);

create table requirement (
    application   text    not null references application (id),
    id            text    not null,
    evidence      text    not null,
    sealed_number text    not null,
    override      text    not null, -- reason; empty: it was presented
    second        text    not null,
    primary key (application, id)
) strict;

create table attachment (
    id          text    primary key,
    application text    not null references application (id),
    class       text    not null,
    mime        text    not null,
    size        integer not null,
    digest      text    not null,
    at          integer not null,
    actor       text    not null,
    sealed_data blob    not null,
    erased_at   integer not null
) strict;

create index attachment_application on attachment (application, at);
create index attachment_due on attachment (class, at) where erased_at = 0;

-- +goose Down
drop table attachment;
drop table requirement;
drop table intake;
drop table counter_ticket;
drop table resident;
drop table resident_list;
