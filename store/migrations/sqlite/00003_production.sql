-- Lines, orders, attempts and the journal of intents (room jobs).

-- +goose Up
create table line (
    id              text    primary key,
    kind            text    not null,
    wish            text    not null,
    reason          text    not null,
    wish_by         text    not null,
    epoch           integer not null,
    chip_faults     integer not null,
    observed        text    not null,
    observed_reason text    not null,
    observed_at     integer not null
) strict;

create table card_order (
    id           text    primary key,
    application  text    not null,
    person       blob    not null,
    state        text    not null check (state in ('waiting', 'leased', 'done', 'closed')),
    priority     integer not null check (priority between 0 and 9),
    due          integer not null,
    held         integer not null check (held in (0, 1)),
    needs_record integer not null check (needs_record in (0, 1)),
    valid_until  integer not null,
    fence        integer not null,
    line         text    not null,
    attempt      text    not null,
    lease_until  integer not null,
    pinned       integer not null check (pinned in (0, 1)),
    created_at   integer not null,
    seq          integer not null unique, -- first come, first served, among equals
    check ((state = 'leased') = (attempt <> '')),
    check (pinned = 0 or state = 'leased')
) strict;

-- One order open per application.
create unique index card_order_open on card_order (application) where state in ('waiting', 'leased');
create index card_order_queue on card_order (priority desc, due, seq) where state in ('waiting', 'leased');

create table attempt (
    id          text    primary key,
    card_order  text    not null references card_order (id),
    application text    not null,
    person      blob    not null,
    line        text    not null references line (id),
    kind        text    not null,
    state       text    not null,
    chip        text,
    fed         integer not null check (fed in (0, 1)),
    successor   integer not null check (successor in (0, 1)),
    condemned   integer not null check (condemned in (0, 1)),
    ended       integer not null check (ended in (0, 1)),
    cause       text    not null,
    match       text    not null,
    score       integer not null,
    place       text    not null,
    started_at  integer not null,
    ended_at    integer not null,
    -- Whatever may hold an active chip counts as a successor of the person's card.
    check (successor = 1 or state not in ('in doubt', 'activated', 'checked'))
) strict;

-- One attempt under way per order.
create unique index attempt_open on attempt (card_order) where ended = 0;
-- One successor made, or possibly made, per person.
create unique index attempt_successor on attempt (person) where successor = 1;
-- One attempt per chip, for good; a blank given back untouched may be tried again.
create unique index attempt_chip on attempt (chip) where state <> 'void';
create index attempt_line on attempt (line, ended);
create index attempt_application on attempt (application);

create table journal (
    id      integer primary key autoincrement,
    attempt text    not null references attempt (id),
    step    text    not null,
    phase   text    not null check (phase in ('intent', 'settled')),
    n       integer not null,
    fence   integer not null,
    actor   text    not null,
    at      integer not null,
    content text    not null,
    unique (attempt, step, phase, n)
) strict;

-- +goose StatementBegin
create trigger journal_keep_update before update on journal
begin
    select raise(abort, 'the journal is append-only');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger journal_keep_delete before delete on journal
begin
    select raise(abort, 'the journal is append-only');
end;
-- +goose StatementEnd

-- +goose Down
drop table journal;
drop table attempt;
drop table card_order;
drop table line;
