-- People, their tokens, what each did to a subject, and operations that wait for a second person
-- (rooms registry/access and registry).

-- +goose Up
create table person (
    id          text    primary key,
    sealed_name text    not null,
    roles       text    not null,
    place       text    not null,
    active      bigint  not null check (active in (0, 1)),
    since       bigint  not null
);

create table token (
    id         text    primary key,
    person     text    not null references person (id),
    kind       text    not null check (kind in ('token', 'certificate')),
    hash       bytea   not null unique,
    label      text    not null,
    created_at bigint  not null,
    expires_at bigint  not null,
    revoked_at bigint  not null
);

create index token_person on token (person);

create table duty (
    subject   text    not null,
    duty      text    not null,
    person    text    not null,
    at        bigint  not null,
    exception bigint  not null check (exception in (0, 1)),
    primary key (subject, duty, person)
);

create index duty_person on duty (person, at);

insert into duty (subject, duty, person, at, exception)
    select id, 'receive', received_by, since, 0 from application where received_by <> ''
    union all select id, 'approve', approved_by, since, 0 from application where approved_by <> ''
    union all select id, 'queue', queued_by, since, 0 from application where queued_by <> ''
    union all select id, 'match', matched_by, since, 0 from application where matched_by <> '';

create table proposal (
    id             text    primary key,
    operation      text    not null,
    subject        text    not null,
    proposed_by    text    not null,
    proposed_at    bigint  not null,
    expires_at     bigint  not null,
    state          text    not null check (state in ('open', 'carried out', 'refused', 'taken back')),
    decided_by     text    not null,
    decided_at     bigint  not null,
    reason         text    not null,
    sealed_content text    not null,
    preview        text    not null
);

create index proposal_open on proposal (state, id);

-- Records of a batch approval that the approver has to open before.
create table batch_sample (
    batch       text    not null,
    application text    not null,
    opened_by   text    not null,
    opened_at   bigint  not null,
    primary key (batch, application)
);

create table batch (
    id         text    primary key,
    content    text    not null,
    drawn_for  text    not null,
    created_at bigint  not null,
    state      text    not null check (state in ('open', 'approved', 'dropped'))
);

-- Work that the dispatcher hands out, one piece to one person.
create table assignment (
    subject  text    not null,
    task     text    not null,
    person   text    not null,
    at       bigint  not null,
    jump     text    not null,
    done_at  bigint  not null,
    primary key (subject, task)
);

create index assignment_person on assignment (person, done_at);

-- +goose Down
drop table assignment;
drop table batch;
drop table batch_sample;
drop table proposal;
drop table duty;
drop table token;
drop table person;
