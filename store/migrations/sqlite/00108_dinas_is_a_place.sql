-- The Dinas is the empty place for people and queues, and a place of its own for what breaks: of the desks at its
-- counters; the empty place of an outage is every one (room registry).

-- +goose Up
update person set place = '' where place = 'dinas';
update desk set place = '' where place = 'dinas';
update health set place = 'dinas' where place = '' and exists (select 1 from desk d where d.place = '' and substr(health.device, 1, length(d.id) + 1) = d.id || '.')
    and not exists (select 1 from health h where h.place = 'dinas' and h.device = health.device);
update incident set place = 'dinas' where place = '' and exists (select 1 from desk d where d.place = '' and substr(incident.device, 1, length(d.id) + 1) = d.id || '.');

-- +goose Down
update incident set place = '' where place = 'dinas';
update health set place = '' where place = 'dinas';
