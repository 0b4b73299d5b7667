-- The lowest migration that a program must know to work with these tables (room store). Whoever breaks older
-- programs sets it to the number of their own migration.

-- +goose Up
create table readable (
    one   integer not null primary key check (one = 1),
    since integer not null
) strict;
insert into readable (one, since) values (1, 116);

-- +goose Down
drop table readable;
