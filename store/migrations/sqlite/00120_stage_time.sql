-- How long the stages of lines took, counted as they are settled, so that a look at them takes the same time after ten
-- years (room jobs); and what the use of a roll and refusals by code are counted by.

-- +goose Up
create table stage_time (
    line   text    not null references line (id),
    step   text    not null,
    within integer not null, -- milliseconds, at most; 0: longer than every bound
    n      integer not null,
    took   integer not null, -- microseconds, all together
    primary key (line, step, within)
) strict, without rowid;

-- What was settled before.
insert into stage_time (line, step, within, n, took)
select line, step, case when millis <= 500 then 500 when millis <= 1000 then 1000 when millis <= 2000 then 2000 when millis <= 5000 then 5000 when millis <= 10000 then 10000 when millis <= 20000 then 20000 when millis <= 30000 then 30000 when millis <= 60000 then 60000 when millis <= 120000 then 120000 when millis <= 300000 then 300000 else 0 end, count(*), sum(millis) * 1000
from (select b.line, j.step, json_extract(j.content, '$.millis') as millis from journal j join attempt b on b.id = j.attempt where j.phase = 'settled' and json_extract(j.content, '$.result') = 'done') settled
where millis > 0 group by 1, 2, 3;

create index journal_printed on journal (at) where step = 'print' and phase = 'intent';
create index refusal_code on refusal (code);

-- +goose Down
drop index refusal_code;
drop index journal_printed;
drop table stage_time;
