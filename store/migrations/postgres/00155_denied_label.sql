-- Printed numbers of blanks that may not be used and that no list has brought here yet (room stock). As soon as one
-- does, its chip is denied.

-- +goose Up
create table denied_label (
    label  text primary key,
    reason text not null,
    at     bigint not null,
    actor  text not null
);

-- +goose Down
drop table denied_label;
