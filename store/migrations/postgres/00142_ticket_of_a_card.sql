-- The card that the page of a ticket is of, where the chip on the reader does not answer (room registry).

-- +goose Up
alter table desk_ticket add column chip text not null default '';

-- +goose Down
alter table desk_ticket drop column chip;
