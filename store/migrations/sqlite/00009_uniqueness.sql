-- Packages for the center's 1:N search, its results, and the search of a station that stands alone
-- (room registry).

-- +goose Up
create table enrolment (
    application text    not null references application (id),
    encounter   integer not null check (encounter > 0),
    at          integer not null,
    taken_at    integer not null, -- by the center; 0: not yet
    tries       integer not null,
    answer      text    not null,
    primary key (application, encounter)
) strict;

create index enrolment_waiting on enrolment (at, application) where taken_at = 0;

create table search_result (
    application text    not null references application (id),
    encounter   integer not null,
    sequence    integer not null, -- of the center's item; 0: of this station, or by the record
    result      text    not null check (result in ('unique', 'duplicate', 'adjudicate', 'enroll_failure', 'search_failure')),
    reason      text    not null,
    at          integer not null,
    read_at     integer not null,
    read_by     text    not null,
    primary key (application, encounter, sequence)
) strict;

create index search_result_unread on search_result (at, application) where read_at = 0;

create table candidate (
    application text    not null references application (id),
    other       text    not null,
    score       integer not null,
    primary key (application, other)
) strict;

-- Templates that a station without a center searches in.
create table gallery (
    seq             integer primary key autoincrement,
    application     text    not null references application (id),
    person          blob    not null,
    finger          integer not null check (finger between 1 and 10),
    sealed_template blob    not null
) strict;

create index gallery_person on gallery (person);

-- +goose Down
drop table gallery;
drop table candidate;
drop table search_result;
drop table enrolment;
