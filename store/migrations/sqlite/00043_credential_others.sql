-- What the center keeps beside a credential: its own members, free as OSIA leaves them (room registry).

-- +goose Up
create table credential_others (
    attempt       text primary key references attempt (id),
    sealed_others text not null -- an object
) strict;

-- +goose Down
drop table credential_others;
