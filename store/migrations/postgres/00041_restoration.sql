-- When the ledger was put back to an older copy, and who took it as it is since (room registry).

-- +goose Up
create table restoration (
    id          bigint primary key,
    copied_at   bigint not null, -- what the copy is of
    at          bigint not null,
    center      bigint not null check (center in (0, 1)), -- a center knows what happened since
    accepted_at bigint not null default 0, -- 0: nothing is fed
    actor       text   not null default '',
    second      text   not null default ''
);

-- +goose Down
drop table restoration;
