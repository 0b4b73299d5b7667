-- The cards of others that were given up at a hand-over are looked for by their application (room registry).

-- +goose Up
create index foreign_card_application on foreign_card (application) where application <> '';

-- +goose Down
drop index foreign_card_application;
