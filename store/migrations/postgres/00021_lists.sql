-- Lists of what only grows are read page by page, each by an index in its own order.

-- +goose Up
create index application_list on application (state, id);
create index application_holder on application (person);
create index card_holder on card (person);
create index card_list on card (state, chip);
create index card_order_list on card_order (priority desc, due, seq);
create index card_order_list_state on card_order (state, priority desc, due, seq);
create index attempt_list on attempt (started_at, id);
create index attempt_list_state on attempt (state, started_at, id);
create index suket_list on suket (state, number);

-- +goose Down
drop index suket_list;
drop index attempt_list_state;
drop index attempt_list;
drop index card_order_list_state;
drop index card_order_list;
drop index card_list;
drop index card_holder;
drop index application_holder;
drop index application_list;
