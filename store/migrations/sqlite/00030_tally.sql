-- How many of everything that only grows there are, kept by triggers in the transaction of the change, so
-- that the counts of an office are read in the same time after ten years (room registry).

-- +goose Up
create table tally (
    subject text    not null, -- the table that is counted
    word    text    not null, -- a state; of a blank its place
    cause   text    not null, -- of an attempt; of a blank its lot
    match   text    not null, -- of an attempt
    day     integer not null, -- of an application: since when it stands there, in days since 1970 in UTC
    n       integer not null,
    primary key (subject, word, cause, match, day)
) strict, without rowid;

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
create trigger tally_change_add instead of insert on tally_change
begin
    insert into tally (subject, word, cause, match, day, n) values (new.subject, new.word, new.cause, new.match, new.day, new.n)
        on conflict (subject, word, cause, match, day) do update set n = n + excluded.n;
    delete from tally where subject = new.subject and word = new.word and cause = new.cause and match = new.match and day = new.day and n = 0;
end;
-- +goose StatementEnd

-- +goose StatementBegin
create trigger application_tally_in after insert on application
begin
    insert into tally_change (subject, word, cause, match, day, n) select 'application', new.state, '', '', new.since / 86400000000, 1;
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger application_tally_moved after update of state, since on application when old.state <> new.state or old.since <> new.since
begin
    insert into tally_change (subject, word, cause, match, day, n) select 'application', old.state, '', '', old.since / 86400000000, -1;
    insert into tally_change (subject, word, cause, match, day, n) select 'application', new.state, '', '', new.since / 86400000000, 1;
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger application_tally_out after delete on application
begin
    insert into tally_change (subject, word, cause, match, day, n) select 'application', old.state, '', '', old.since / 86400000000, -1;
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger attempt_tally_in after insert on attempt
begin
    insert into tally_change (subject, word, cause, match, day, n) select 'attempt', new.state, new.cause, new.match, 0, 1 where new.ended = 1;
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger attempt_tally_moved after update of ended, state, cause, match on attempt when old.ended <> new.ended or old.state <> new.state or old.cause <> new.cause or old.match <> new.match
begin
    insert into tally_change (subject, word, cause, match, day, n) select 'attempt', old.state, old.cause, old.match, 0, -1 where old.ended = 1;
    insert into tally_change (subject, word, cause, match, day, n) select 'attempt', new.state, new.cause, new.match, 0, 1 where new.ended = 1;
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger attempt_tally_out after delete on attempt
begin
    insert into tally_change (subject, word, cause, match, day, n) select 'attempt', old.state, old.cause, old.match, 0, -1 where old.ended = 1;
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger card_tally_in after insert on card
begin
    insert into tally_change (subject, word, cause, match, day, n) select 'card', new.state, '', '', 0, 1;
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger card_tally_moved after update of state on card when old.state <> new.state
begin
    insert into tally_change (subject, word, cause, match, day, n) select 'card', old.state, '', '', 0, -1;
    insert into tally_change (subject, word, cause, match, day, n) select 'card', new.state, '', '', 0, 1;
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger card_tally_out after delete on card
begin
    insert into tally_change (subject, word, cause, match, day, n) select 'card', old.state, '', '', 0, -1;
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger blank_tally_in after insert on blank
begin
    insert into tally_change (subject, word, cause, match, day, n) select 'blank', new.place, new.lot, '', 0, 1;
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger blank_tally_moved after update of place, lot on blank when old.place <> new.place or old.lot <> new.lot
begin
    insert into tally_change (subject, word, cause, match, day, n) select 'blank', old.place, old.lot, '', 0, -1;
    insert into tally_change (subject, word, cause, match, day, n) select 'blank', new.place, new.lot, '', 0, 1;
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger blank_tally_out after delete on blank
begin
    insert into tally_change (subject, word, cause, match, day, n) select 'blank', old.place, old.lot, '', 0, -1;
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger refusal_tally_in after insert on refusal
begin
    insert into tally_change (subject, word, cause, match, day, n) select 'refusal', '', '', '', 0, 1;
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger refusal_tally_out after delete on refusal
begin
    insert into tally_change (subject, word, cause, match, day, n) select 'refusal', '', '', '', 0, -1;
end;
-- +goose StatementEnd

-- The queue as a line walks it: past what is held or has no record.
create index card_order_ready on card_order (priority desc, due, seq)
    where state in ('waiting', 'leased') and held = 0 and needs_record = 0;

-- +goose Down
drop index card_order_ready;
drop trigger refusal_tally_out;
drop trigger refusal_tally_in;
drop trigger blank_tally_out;
drop trigger blank_tally_moved;
drop trigger blank_tally_in;
drop trigger card_tally_out;
drop trigger card_tally_moved;
drop trigger card_tally_in;
drop trigger attempt_tally_out;
drop trigger attempt_tally_moved;
drop trigger attempt_tally_in;
drop trigger application_tally_out;
drop trigger application_tally_moved;
drop trigger application_tally_in;
drop trigger tally_change_add;
drop view tally_change;
drop view tally_counted;
drop table tally;
