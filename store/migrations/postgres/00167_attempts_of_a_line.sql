-- The attempts of a line, oldest first (room jobs).

-- +goose Up
create index attempt_list_line on attempt (line, started_at, id);

-- +goose Down
drop index attempt_list_line;
