-- How far the gallery was compared with an application when it was searched here last (room registry).

-- +goose Up
create table searched (
    application text    primary key references application (id),
    encounter   integer not null,
    mark        integer not null
) strict;

-- +goose Down
drop table searched;
