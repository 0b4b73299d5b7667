-- What somebody wrote beside the reason of an operation (room registry).

-- +goose Up
create table note (
    event       bigint primary key references event (id),
    operation   text    not null,
    application text    not null,
    actor       text    not null,
    at          bigint not null,
    erased_at   bigint not null,
    sealed_text text    not null
);
create index note_of on note (application, event) where application <> '';
create index note_age on note (at) where erased_at = 0;

-- +goose Down
drop table note;
