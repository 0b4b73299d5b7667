-- The event log: ids and codes only, chained by hash, never changed (room registry/audit).

-- +goose Up
create table event (
    id          integer primary key,
    at          integer not null,
    actor       text    not null,
    code        text    not null,
    application text    not null,
    card_order  text    not null,
    attempt     text    not null,
    chip        text    not null,
    line        text    not null,
    detail      text    not null,
    prev        blob    not null,
    hash        blob    not null unique
) strict;

create index event_application on event (application, id) where application <> '';
create index event_attempt on event (attempt, id) where attempt <> '';
create index event_chip on event (chip, id) where chip <> '';

create table event_head (
    one    integer primary key check (one = 1),
    id     integer not null,
    hash   blob    not null,
    latest integer not null
) strict;

-- +goose StatementBegin
create trigger event_keep_update before update on event
begin
    select raise(abort, 'the event log is append-only');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger event_keep_delete before delete on event
begin
    select raise(abort, 'the event log is append-only');
end;
-- +goose StatementEnd

-- +goose Down
drop table event_head;
drop table event;
