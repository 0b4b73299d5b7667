-- How many of everything that only grows there are, kept by triggers in the transaction of the change, so
-- that the counts of an office are read in the same time after ten years (room registry).

-- +goose Up
create table tally (
    subject text    not null, -- the table that is counted
    word    text    not null, -- a state; of a blank its place
    cause   text    not null, -- of an attempt; of a blank its lot
    match   text    not null, -- of an attempt
    day     bigint  not null, -- of an application: since when it stands there, in days since 1970 in UTC
    n       bigint  not null,
    primary key (subject, word, cause, match, day)
);

-- What the tally has to say. Attempts count when they have ended.
create view tally_counted (subject, word, cause, match, day, n) as
select 'application', state, '', '', since / 86400000000, count(*) from application group by state, since / 86400000000
union all select 'attempt', state, cause, match, 0, count(*) from attempt where ended = 1 group by state, cause, match
union all select 'card', state, '', '', 0, count(*) from card group by state
union all select 'blank', place, lot, '', 0, count(*) from blank group by place, lot
union all select 'refusal', '', '', '', 0, count(*) from refusal having count(*) > 0;

insert into tally (subject, word, cause, match, day, n) select subject, word, cause, match, day, n from tally_counted;

-- What is inserted here is added to the tally.
create view tally_change (subject, word, cause, match, day, n) as select subject, word, cause, match, day, n from tally;
-- +goose StatementBegin
create function tally_change_add() returns trigger language plpgsql as $$
begin
    insert into tally as t (subject, word, cause, match, day, n) values (new.subject, new.word, new.cause, new.match, new.day, new.n)
        on conflict (subject, word, cause, match, day) do update set n = t.n + excluded.n;
    delete from tally t where t.subject = new.subject and t.word = new.word and t.cause = new.cause and t.match = new.match and t.day = new.day and t.n = 0;
    return new;
end;
$$;
-- +goose StatementEnd
create trigger tally_change_add instead of insert on tally_change for each row execute function tally_change_add();

-- The triggers wait for the end of the transaction: rows of the tally are taken after the head of the event
-- log, in every transaction that writes events, so that no two of them wait for each other.
-- +goose StatementBegin
create function application_tally() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        insert into tally_change (subject, word, cause, match, day, n) values ('application', old.state, '', '', old.since / 86400000000, -1);
    end if;
    if tg_op <> 'DELETE' then
        insert into tally_change (subject, word, cause, match, day, n) values ('application', new.state, '', '', new.since / 86400000000, 1);
    end if;
    return null;
end;
$$;
-- +goose StatementEnd
create constraint trigger application_tally_in after insert on application
    deferrable initially deferred for each row execute function application_tally();
create constraint trigger application_tally_moved after update of state, since on application
    deferrable initially deferred for each row when (old.state <> new.state or old.since <> new.since) execute function application_tally();
create constraint trigger application_tally_out after delete on application
    deferrable initially deferred for each row execute function application_tally();
-- +goose StatementBegin
create function attempt_tally() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' and old.ended = 1 then
        insert into tally_change (subject, word, cause, match, day, n) values ('attempt', old.state, old.cause, old.match, 0, -1);
    end if;
    if tg_op <> 'DELETE' and new.ended = 1 then
        insert into tally_change (subject, word, cause, match, day, n) values ('attempt', new.state, new.cause, new.match, 0, 1);
    end if;
    return null;
end;
$$;
-- +goose StatementEnd
create constraint trigger attempt_tally_in after insert on attempt
    deferrable initially deferred for each row execute function attempt_tally();
create constraint trigger attempt_tally_moved after update of ended, state, cause, match on attempt
    deferrable initially deferred for each row when (old.ended <> new.ended or old.state <> new.state or old.cause <> new.cause or old.match <> new.match) execute function attempt_tally();
create constraint trigger attempt_tally_out after delete on attempt
    deferrable initially deferred for each row execute function attempt_tally();
-- +goose StatementBegin
create function card_tally() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        insert into tally_change (subject, word, cause, match, day, n) values ('card', old.state, '', '', 0, -1);
    end if;
    if tg_op <> 'DELETE' then
        insert into tally_change (subject, word, cause, match, day, n) values ('card', new.state, '', '', 0, 1);
    end if;
    return null;
end;
$$;
-- +goose StatementEnd
create constraint trigger card_tally_in after insert on card
    deferrable initially deferred for each row execute function card_tally();
create constraint trigger card_tally_moved after update of state on card
    deferrable initially deferred for each row when (old.state <> new.state) execute function card_tally();
create constraint trigger card_tally_out after delete on card
    deferrable initially deferred for each row execute function card_tally();
-- +goose StatementBegin
create function blank_tally() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        insert into tally_change (subject, word, cause, match, day, n) values ('blank', old.place, old.lot, '', 0, -1);
    end if;
    if tg_op <> 'DELETE' then
        insert into tally_change (subject, word, cause, match, day, n) values ('blank', new.place, new.lot, '', 0, 1);
    end if;
    return null;
end;
$$;
-- +goose StatementEnd
create constraint trigger blank_tally_in after insert on blank
    deferrable initially deferred for each row execute function blank_tally();
create constraint trigger blank_tally_moved after update of place, lot on blank
    deferrable initially deferred for each row when (old.place <> new.place or old.lot <> new.lot) execute function blank_tally();
create constraint trigger blank_tally_out after delete on blank
    deferrable initially deferred for each row execute function blank_tally();
-- +goose StatementBegin
create function refusal_tally() returns trigger language plpgsql as $$
begin
    if tg_op <> 'INSERT' then
        insert into tally_change (subject, word, cause, match, day, n) values ('refusal', '', '', '', 0, -1);
    end if;
    if tg_op <> 'DELETE' then
        insert into tally_change (subject, word, cause, match, day, n) values ('refusal', '', '', '', 0, 1);
    end if;
    return null;
end;
$$;
-- +goose StatementEnd
create constraint trigger refusal_tally_in after insert on refusal
    deferrable initially deferred for each row execute function refusal_tally();
create constraint trigger refusal_tally_out after delete on refusal
    deferrable initially deferred for each row execute function refusal_tally();

-- The queue as a line walks it: past what is held or has no record.
create index card_order_ready on card_order (priority desc, due, seq)
    where state in ('waiting', 'leased') and held = 0 and needs_record = 0;

-- +goose Down
drop index card_order_ready;
drop trigger refusal_tally_out on refusal;
drop trigger refusal_tally_in on refusal;
drop function refusal_tally();
drop trigger blank_tally_out on blank;
drop trigger blank_tally_moved on blank;
drop trigger blank_tally_in on blank;
drop function blank_tally();
drop trigger card_tally_out on card;
drop trigger card_tally_moved on card;
drop trigger card_tally_in on card;
drop function card_tally();
drop trigger attempt_tally_out on attempt;
drop trigger attempt_tally_moved on attempt;
drop trigger attempt_tally_in on attempt;
drop function attempt_tally();
drop trigger application_tally_out on application;
drop trigger application_tally_moved on application;
drop trigger application_tally_in on application;
drop function application_tally();
drop view tally_change;
drop function tally_change_add();
drop view tally_counted;
drop table tally;
