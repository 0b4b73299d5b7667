-- The event log: ids and codes only, chained by hash, never changed (room registry/audit).

-- +goose Up
-- keep_row refuses what is done to a row that is kept for good; its argument says why.
-- +goose StatementBegin
create function keep_row() returns trigger language plpgsql as $$
begin
    raise exception '%', tg_argv[0] using errcode = 'BLK01';
end;
$$;
-- +goose StatementEnd

create table event (
    id          bigint  primary key,
    at          bigint  not null,
    actor       text    not null,
    code        text    not null,
    application text    not null,
    card_order  text    not null,
    attempt     text    not null,
    chip        text    not null,
    line        text    not null,
    detail      text    not null,
    prev        bytea   not null,
    hash        bytea   not null unique
);

create index event_application on event (application, id) where application <> '';
create index event_attempt on event (attempt, id) where attempt <> '';
create index event_chip on event (chip, id) where chip <> '';

create table event_head (
    one    bigint  primary key check (one = 1),
    id     bigint  not null,
    hash   bytea   not null,
    latest bigint  not null
);

create trigger event_keep_update before update on event for each row execute function keep_row('the event log is append-only');
create trigger event_keep_delete before delete on event for each row execute function keep_row('the event log is append-only');
create trigger event_keep_truncate before truncate on event for each statement execute function keep_row('the event log is append-only');

-- +goose Down
drop table event_head;
drop table event;
drop function keep_row;
