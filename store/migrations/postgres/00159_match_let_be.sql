-- Why a supervisor let a 1:1 be; and what a page says of a holder's confirmation, which goes with its ticket to the desk (room
-- registry).

-- +goose Up
alter table match_try add column cause text not null default '';
alter table desk_ticket add column confirmed bigint not null default 0; -- 0 or 1

-- +goose Down
alter table desk_ticket drop column confirmed;
alter table match_try drop column cause;
