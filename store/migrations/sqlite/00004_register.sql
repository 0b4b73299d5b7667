-- Applications, records, cards and what the center is told (room registry).

-- +goose Up
create table secret (
    name  text primary key,
    value blob not null
) strict;

create table operation (
    key    text    primary key,
    name   text    not null,
    actor  text    not null,
    digest blob    not null,
    result text    not null,
    at     integer not null
) strict;

create table application (
    id          text    primary key,
    origin      text    not null,
    type        text    not null,
    state       text    not null,
    since       integer not null,
    cause       text    not null,
    held        text    not null,
    withdrawn   text    not null,
    person      blob    not null,
    version     integer not null,
    priority    integer not null check (priority between 0 and 9),
    due         integer not null,
    received_at integer not null,
    received_by text    not null,
    approved_by text    not null,
    queued_by   text    not null,
    matched_by  text    not null,
    specimen    integer not null check (specimen in (0, 1)),
    spoiled     integer not null,
    warnings    text    not null
) strict;

-- One application open per person.
create unique index application_person on application (person)
    where state not in ('handed over', 'rejected', 'cancelled', 'withdrawn', 'closed');
create index application_state on application (state, since);

create table record (
    application     text    primary key references application (id),
    version         integer not null,
    office          text    not null,
    profile         text    not null,
    delivery_office text    not null,
    valid_until     integer not null,
    parent          text    not null,
    person          text    not null,
    fingers         text    not null,
    exceptions      text    not null,
    identity_key    blob    not null,
    identity        blob    not null,
    digest          blob    not null
) strict;

-- Pictures and templates, each erased when its use is over.
create table record_part (
    application text not null references application (id),
    name        text not null,
    mime        text not null,
    data        blob not null,
    primary key (application, name)
) strict;

-- Message ids of records, each accepted once.
create table message (
    id      text    primary key,
    record  text    not null,
    version integer not null
) strict;

create table tombstone (
    id      text    primary key,
    version integer not null,
    reason  text    not null,
    at      integer not null
) strict;

-- +goose StatementBegin
create trigger tombstone_keep_update before update on tombstone
begin
    select raise(abort, 'a withdrawal is kept for good');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger tombstone_keep_delete before delete on tombstone
begin
    select raise(abort, 'a withdrawal is kept for good');
end;
-- +goose StatementEnd

create table refusal (
    id      integer primary key autoincrement,
    record  text    not null,
    version integer not null,
    code    text    not null,
    field   text    not null,
    at      integer not null
) strict;

create index refusal_record on refusal (record);

create table card (
    chip        text    primary key,
    attempt     text    not null unique references attempt (id),
    application text    not null references application (id),
    person      blob    not null,
    state       text    not null check (state in ('made', 'in force', 'retired', 'destroyed')),
    held        text    not null,
    cause       text    not null,
    made_at     integer not null,
    in_force_at integer not null,
    retired_at  integer not null
) strict;

-- One card in force per person, and one made that will replace it.
create unique index card_in_force on card (person) where state = 'in force';
create unique index card_made on card (person) where state = 'made';
create index card_application on card (application);

create table outbox (
    seq          integer primary key autoincrement,
    key          text    not null unique,
    record       text    not null,
    version      integer not null,
    word         text    not null,
    state        text    not null,
    at           integer not null,
    chip         text    not null,
    attempts     integer not null,
    reason       text    not null,
    delivered_at integer not null,
    tries        integer not null,
    answer       text    not null
) strict;

create index outbox_waiting on outbox (seq) where delivered_at = 0;

-- +goose Down
drop table outbox;
drop table card;
drop table refusal;
drop table tombstone;
drop table message;
drop table record_part;
drop table record;
drop table application;
drop table operation;
drop table secret;
