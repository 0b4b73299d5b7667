-- The center knows more of an application than a ledger that was put back: its card is made, and no other
-- is. Apart from the center's own hold, which the center releases (room registry).

-- +goose Up
alter table application add column ahead integer not null default 0 check (ahead in (0, 1));
update application set ahead = 1, held = '' where held = 'ledger_restored';

-- +goose Down
update application set held = 'ledger_restored' where ahead = 1 and held = '';
alter table application drop column ahead;
