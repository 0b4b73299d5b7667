-- When the ledger was put back to an older copy, and who took it as it is since (room registry).

-- +goose Up
create table restoration (
    id          integer primary key,
    copied_at   integer not null, -- what the copy is of
    at          integer not null,
    center      integer not null check (center in (0, 1)), -- a center knows what happened since
    accepted_at integer not null default 0, -- 0: nothing is fed
    actor       text    not null default '',
    second      text    not null default ''
) strict;

-- +goose Down
drop table restoration;
