-- The numbers of papers: how far each kind has come in a year (room registry). A number is never given again.

-- +goose Up
create table paper_series (
    kind text not null,
    year text not null,
    last bigint not null check (last > 0),
    primary key (kind, year)
);

-- +goose Down
drop table paper_series;
