-- What lines ask of persons (room registry).

-- +goose Up
create table question (
    attempt     text    not null references attempt (id),
    n           integer not null check (n > 0),
    line        text    not null,
    kind        text    not null check (kind in ('accept', 'hand_off')),
    ask         text    not null, -- what to do, of a hand-off
    state       text    not null check (state in ('open', 'answered', 'closed')),
    since       integer not null,
    answered_at integer not null,
    answered_by text    not null,
    good        integer not null check (good in (0, 1)), -- the face is good; the hand-off is done
    cause       text    not null,
    primary key (attempt, n)
) strict;

-- One question of an attempt at a time.
create unique index question_open on question (attempt) where state = 'open';

-- +goose Down
drop table question;
