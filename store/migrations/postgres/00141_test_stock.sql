-- What the blanks of a lot are for: cards, or test cards (room registry/stock).

-- +goose Up
alter table lot add column purpose text not null default 'cards'; -- cards, tests

-- +goose Down
alter table lot drop column purpose;
