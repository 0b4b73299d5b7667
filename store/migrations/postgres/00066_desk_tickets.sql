-- A ticket of a desk is for one act at one desk, from one session at the console; the code of a pairing is
-- remembered for the certificate that took it up (room registry).

-- +goose Up
delete from desk_ticket;
alter table desk_ticket add column act text not null default '';
alter table desk_ticket add column desk text not null default '';
alter table desk_ticket add column session text not null default ''; -- hash, as in session
alter table desk add column taken_code bytea; -- hash of the code by which it was paired last, until the code runs out; null: none

-- +goose Down
alter table desk drop column taken_code;
alter table desk_ticket drop column session;
alter table desk_ticket drop column desk;
alter table desk_ticket drop column act;
