-- The word that the center was given for a withdrawal is read from the reports of the request (room registry).

-- +goose Up
create index outbox_withdrawal on outbox (record, seq) where state = 'withdrawal answered';

-- +goose Down
drop index outbox_withdrawal;
