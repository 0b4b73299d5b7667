-- Printed numbers that follow each other, whose blanks may not be used (room stock). No two ranges overlap. A chip that is
-- denied as one of a range is let go with it.

-- +goose Up
update readable set since = 161; -- a program of before lets blanks of a range pass

create table denied_range (
    prefix text    not null,
    digits integer not null,
    first  bigint not null,
    last   bigint not null check (last >= first),
    reason text    not null,
    at     bigint not null,
    actor  text    not null,
    primary key (prefix, digits, first)
);
alter table denied_blank add column ranged integer not null default 0;

-- +goose Down
alter table denied_blank drop column ranged;
drop table denied_range;
