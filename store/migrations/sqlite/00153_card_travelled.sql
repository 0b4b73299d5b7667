-- Where a card came to, without a walk through everything that ever travelled (room registry).

-- +goose Up
create index consignment_card_chip on consignment_card (chip);

-- +goose Down
drop index consignment_card_chip;
