-- With which list a roll ended, without a walk through everything that was ever destroyed (room registry).

-- +goose Up
create index destruction_item_item on destruction_item (item);

-- +goose Down
drop index destruction_item_item;
