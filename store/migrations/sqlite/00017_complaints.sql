-- Complaints, and what was looked at of personal data (room registry).

-- +goose Up
create table complaint (
    id              text    primary key,
    number          text    not null unique,
    channel         text    not null,
    state           text    not null check (state in ('received', 'verified', 'answered', 'closed')),
    subject         text    not null,
    application     text    not null,
    chip            text    not null,
    verifiable      integer not null check (verifiable in (0, 1)),
    foreign_number  text    not null, -- of LAPOR!
    received_at     integer not null,
    received_by     text    not null,
    assigned_to     text    not null,
    due             integer not null,
    verified_at     integer not null,
    verified_by     text    not null,
    finding         text    not null, -- code
    answered_at     integer not null,
    answered_by     text    not null,
    closed_at       integer not null,
    erased_at       integer not null,
    sealed_content  text    not null
) strict;

create index complaint_state on complaint (state, due, id);
create index complaint_application on complaint (application) where application <> '';
create index complaint_chip on complaint (chip) where chip <> '';

-- Each look at personal data that is masked otherwise: for the limits of a day.
create table unmasking (
    id     integer primary key autoincrement,
    person text    not null, -- who looked
    at     integer not null,
    kind   text    not null,
    item   text    not null,
    reason text    not null
) strict;

create index unmasking_person on unmasking (person, at);

create table breach (
    id             text    primary key,
    state          text    not null check (state in ('open', 'notified', 'closed')),
    found_at       integer not null,
    notify_by      integer not null,
    found_by       text    not null,
    notified_at    integer not null,
    closed_at      integer not null,
    people         integer not null,
    sealed_content text    not null
) strict;

-- +goose Down
drop table breach;
drop table unmasking;
drop table complaint;
