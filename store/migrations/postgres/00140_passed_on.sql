-- Cards that another Dinas has, and hands over; an application ends by it (room registry).

-- +goose Up
update readable set since = 140; -- a program of before takes an application that was passed on for an open one
alter table card add column passed_on_at bigint not null default 0;
drop index card_made;
create unique index card_made on card (person) where state = 'made' and passed_on_at = 0;
drop index application_person;
create unique index application_person on application (person)
    where state not in ('handed over', 'passed on', 'rejected', 'cancelled', 'withdrawn', 'closed');
drop index application_closed;
create index application_closed on application (since) where state in ('passed on', 'rejected', 'cancelled', 'withdrawn', 'closed');

-- +goose Down
drop index application_closed;
create index application_closed on application (since) where state in ('rejected', 'cancelled', 'withdrawn', 'closed');
drop index application_person;
create unique index application_person on application (person)
    where state not in ('handed over', 'rejected', 'cancelled', 'withdrawn', 'closed');
drop index card_made;
create unique index card_made on card (person) where state = 'made';
alter table card drop column passed_on_at;
