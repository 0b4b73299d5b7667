-- Cards that were presented after a restoration and that the ledger does not know (room registry).

-- +goose Up
create table restoration_found (
    restoration integer not null references restoration (id),
    chip        text    not null,
    person      blob    not null,
    application text    not null, -- the open one of its holder when the card was read; empty: there was none
    found_at    integer not null,
    actor       text    not null,
    primary key (restoration, chip)
) strict;

-- +goose Down
drop table restoration_found;
