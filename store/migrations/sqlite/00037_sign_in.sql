-- How persons prove themselves at the console: credentials, invitations, sessions, tries (room registry).

-- +goose Up
create table credential (
    person       text    primary key references person (id),
    password     text    not null, -- argon2id, as a PHC string
    totp         text    not null, -- shared secret of the one-time codes (RFC 6238), Base32
    last_step    integer not null, -- of the newest code that was taken: none is taken twice
    failures     integer not null check (failures >= 0),
    locked_until integer not null,
    set_at       integer not null
) strict;

create table invitation (
    hash       blob    primary key,
    person     text    not null references person (id),
    created_at integer not null,
    expires_at integer not null
) strict;

create index invitation_person on invitation (person);

create table session (
    hash       text    primary key,
    person     text    not null, -- empty: nobody has signed in yet
    data       text    not null,
    opened_at  integer not null,
    seen_at    integer not null,
    expires_at integer not null
) strict;

create index session_person on session (person, opened_at);
create index session_expires on session (expires_at);

create table sign_in (
    person  text    not null,
    at      integer not null,
    n       integer not null,
    outcome text    not null check (outcome in ('opened', 'refused', 'locked', 'ended')),
    address text    not null,
    primary key (person, at, n)
) strict;

-- +goose Down
drop table sign_in;
drop table session;
drop table invitation;
drop table credential;
