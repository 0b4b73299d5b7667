-- The events that books tell of, with those of orders that were moved in the queue (room registry). The index before it,
-- event_book, stays for a program of the version before.

-- +goose Up
create index event_books on event (at, id) where code in (
    'application.register', 'application.deliver', 'application.hand_over', 'application.hand_over_to_proxy', 'application.return',
    'complaint.receive', 'counter.jumped', 'work.jumped', 'order.moved'
);

-- +goose Down
drop index event_books;
