-- What the feed counter of a line's printer said when it was last held against the ledger, and how far the
-- movements of blanks were then (room registry).

-- +goose Up
create table feed_mark (
    line     text    primary key,
    printer  text    not null, -- serial number
    cards    integer not null,
    movement integer not null
) strict;

-- +goose Down
drop table feed_mark;
