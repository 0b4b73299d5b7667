-- Incidents and the health of devices and links, fines, temporary certificates, versions of the
-- service standard (room registry).

-- +goose Up
create table health (
    place  text    not null,
    device text    not null,
    cause  text    not null,
    state  text    not null check (state in ('works', 'limps', 'down')),
    code   text    not null,
    since  integer not null,
    seen_at integer not null,
    primary key (place, device)
) strict;

create table incident (
    id          text    primary key,
    state       text    not null check (state in ('reported', 'open', 'ended', 'dismissed')),
    cause       text    not null check (cause in ('power', 'network', 'blanks', 'equipment')),
    place       text    not null, -- empty: everywhere
    device      text    not null,
    code        text    not null,
    began_at    integer not null,
    ended_at    integer not null,
    reported_by text    not null,
    opened_by   text    not null,
    ended_by    text    not null
) strict;

create index incident_state on incident (state, began_at, id);
create unique index incident_device on incident (place, device) where state in ('reported', 'open') and device <> '';

create table fine (
    id          text    primary key,
    application text    not null references application (id),
    code        text    not null,
    amount      integer not null check (amount >= 0), -- rupiah
    days        integer not null,
    basis       text    not null,
    state       text    not null check (state in ('assessed', 'waived', 'settled')),
    assessed_at integer not null,
    decided_at  integer not null,
    decided_by  text    not null,
    second      text    not null,
    reference   text    not null
) strict;

create unique index fine_code on fine (application, code);
create index fine_state on fine (state, id);

create table suket (
    number      text    primary key,
    application text    not null references application (id),
    person      blob    not null,
    state       text    not null check (state in ('valid', 'ended')),
    issued_at   integer not null,
    issued_by   text    not null,
    valid_until integer not null,
    ended_at    integer not null,
    cause       text    not null
) strict;

create unique index suket_valid on suket (person) where state = 'valid';
create index suket_application on suket (application);

create table standard_version (
    seq         integer primary key autoincrement,
    id          text    not null,
    version     text    not null,
    hash        text    not null,
    content     text    not null,
    changed_by  text    not null,
    approved_by text    not null,
    active_from integer not null
) strict;

-- +goose Down
drop table standard_version;
drop table suket;
drop table fine;
drop table incident;
drop table health;
