-- When the chip of a card answered last for somebody and for the session they are signed in by (room registry).

-- +goose Up
create table card_shown (
    chip    text    not null,
    person  text    not null,
    session text    not null, -- hash, as in session; empty: signed in by nothing that ends
    at      integer not null,
    primary key (chip, person, session)
) strict;

create index card_shown_at on card_shown (at);

-- +goose Down
drop table card_shown;
