-- What books and reports are read by: where applications belong, and the events that books tell of (room registry).

-- +goose Up
create table area (
    application text primary key references application (id),
    district    text not null, -- PP.KK.CC; empty: not known
    village     text not null  -- PP.KK.CC.DDDD; empty: not known
) strict;

insert into area (application, district, village) select application, district, '' from intake;

-- Who comes first while blanks are short, as two persons say.
create table order_mark (
    application text    not null references application (id),
    mark        text    not null check (mark in ('disaster', 'backlog')),
    reason      text    not null, -- code
    actor       text    not null,
    second      text    not null,
    at          integer not null,
    primary key (application, mark)
) strict;

create index event_book on event (at, id) where code in (
    'application.register', 'application.deliver', 'application.hand_over', 'application.hand_over_to_proxy', 'application.return',
    'complaint.receive', 'counter.jumped', 'work.jumped'
);
create index application_received on application (received_at);
create index application_closed on application (since) where state in ('rejected', 'cancelled', 'withdrawn', 'closed');
create index handover_at on handover (at);
create index intake_ready on intake (ready_at) where ready_at > 0;
create index attempt_ended on attempt (ended_at) where ended = 1;
create index card_retired on card (retired_at) where retired_at > 0;
create index destruction_ended on destruction (ended_at) where ended_at > 0;
create index duty_exception on duty (at) where exception = 1;
create index unmasking_at on unmasking (at);
create index card_order_created on card_order (created_at);

-- +goose Down
drop index card_order_created;
drop index unmasking_at;
drop index duty_exception;
drop index destruction_ended;
drop index card_retired;
drop index attempt_ended;
drop index intake_ready;
drop index handover_at;
drop index application_closed;
drop index application_received;
drop index event_book;
drop table order_mark;
drop table area;
