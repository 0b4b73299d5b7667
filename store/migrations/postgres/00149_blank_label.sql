-- The numbers that are printed on blanks, or their barcodes, by the supplier's list (room stock).

-- +goose Up
create table blank_label (
    label text primary key,
    chip  text not null unique
);

-- +goose Down
drop table blank_label;
