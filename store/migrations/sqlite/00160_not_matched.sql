-- A hand-over on an exception from the 1:1 says itself that the holder was not matched (room registry).

-- +goose Up
update readable set since = 160; -- a program of before may write down one on an exception as matched

-- What was handed over before.
update handover set matched = 0
where matched = 1 and 'exception' = (
    select m.result from match_try m
    where m.application = handover.application and m.chip = handover.chip and m.result in ('matched', 'exception')
    order by m.number desc limit 1
);

-- +goose Down
select 1; -- whose holder had matched is told by the tries
