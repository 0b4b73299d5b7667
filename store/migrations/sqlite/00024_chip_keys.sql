-- The masters that the keys of a chip follow from, by their check values (3 bytes, hex): written with the
-- intent of the claim or the write that puts them there. Of cards made before there is no row.

-- +goose Up
create table chip_key (
    attempt     text not null references attempt (id),
    role        text not null,
    check_value text not null,
    primary key (attempt, role, check_value)
) strict;

create index chip_key_master on chip_key (role, check_value);

-- +goose Down
drop table chip_key;
