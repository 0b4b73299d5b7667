-- Examinations of chips and what their holders were told (room registry): ids, codes and words, no personal data.

-- +goose Up
create table chip_examination (
    number      text primary key,
    at          bigint not null,
    actor       text not null,
    place       text not null, -- service place of who examined; empty: the Dinas
    chip        text not null, -- empty: it was not read
    application text not null, -- empty: the chip is of no card of this register
    cause       text not null, -- code of the finding
    told        text not null
);

create index chip_examination_chip on chip_examination (chip, number) where chip <> '';

-- +goose Down
drop table chip_examination;
