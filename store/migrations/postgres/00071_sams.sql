-- The register of SAMs: to which place one was issued, how much it may be used, when it was renewed, and how
-- it ended; and the generations of masters that no card is made under any more (room registry).

-- +goose Up
create table sam (
    serial      text primary key, -- 16 hex digits
    generation  bigint not null, -- of MK_SAM
    check_value text   not null, -- of MK_SAM, 3 bytes, hex
    place       text   not null, -- service place; empty: the Dinas
    seal        text   not null, -- number of the seal, empty: none
    uses        bigint not null, -- of one renewal
    days        bigint not null, -- of one renewal
    state       text   not null check (state in ('issued', 'lost', 'taken_back')),
    issued_by   text   not null,
    issued_at   bigint not null,
    ended_by    text   not null,
    ended_at    bigint not null,
    reason      text   not null -- why it ended
);

create table sam_renewal (
    id      text primary key,
    serial  text   not null references sam (serial),
    desk    text   not null, -- who asked
    at      bigint not null,
    spent   bigint not null, -- uses since the renewal before, as the SAM told
    uses    bigint not null, -- granted
    until   bigint not null  -- granted, its last day
);

create index sam_renewal_serial on sam_renewal (serial, at);

create table master_retired (
    role        text   not null,
    check_value text   not null, -- 3 bytes, hex
    at          bigint not null,
    actor       text   not null,
    sam         text   not null, -- the one that was lost
    primary key (role, check_value)
);

create trigger master_retired_keep_delete before delete on master_retired for each row execute function keep_row('a retirement is kept for good');
create trigger master_retired_keep_truncate before truncate on master_retired for each statement execute function keep_row('a retirement is kept for good');

-- +goose Down
drop table master_retired;
drop table sam_renewal;
drop table sam;
