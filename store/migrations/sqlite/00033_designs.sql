-- Versions of card profiles, templates of the face and service standards that two persons approved and
-- the token of the station signed (room registry).

-- +goose Up
create table design (
    seq         integer primary key autoincrement,
    kind        text    not null check (kind in ('profile', 'artwork', 'standard')),
    name        text    not null,
    version     text    not null,
    hash        text    not null, -- SHA-256, hex
    changed_by  text    not null,
    approved_by text    not null,
    approved_at integer not null,
    signature   blob    not null
) strict;

create index design_newest on design (kind, name, seq);

-- +goose StatementBegin
create trigger design_keep_update before update on design
begin
    select raise(abort, 'an approval is kept for good');
end;
-- +goose StatementEnd
-- +goose StatementBegin
create trigger design_keep_delete before delete on design
begin
    select raise(abort, 'an approval is kept for good');
end;
-- +goose StatementEnd

-- +goose Down
drop table design;
