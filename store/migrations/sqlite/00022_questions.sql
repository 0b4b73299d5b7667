-- What lines ask of persons, and the generations of master keys that chips were made under (room registry).

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

create table chip_key (
    attempt    text    not null references attempt (id),
    role       text    not null,
    generation integer not null check (generation > 0),
    primary key (attempt, role, generation)
) strict;

create index chip_key_generation on chip_key (role, generation);

-- +goose Down
drop table chip_key;
drop table question;
