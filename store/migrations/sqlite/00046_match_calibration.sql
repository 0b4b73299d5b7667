-- What a score of a 1:1 at the counter means: threshold and measured curve. Scores of before were told by
-- clients and have none.

-- +goose Up
alter table match_try add column second_finger integer not null default 0; -- finger beside the first; 0: none
alter table match_try add column threshold integer not null default 0;
alter table match_try add column calibration text not null default '';

-- +goose Down
alter table match_try drop column calibration;
alter table match_try drop column threshold;
alter table match_try drop column second_finger;
