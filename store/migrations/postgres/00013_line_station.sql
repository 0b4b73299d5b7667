-- Which station a line stands at: nobody else recovers its cards (room jobs).

-- +goose Up
alter table line add column station text not null default '';

-- +goose Down
alter table line drop column station;
