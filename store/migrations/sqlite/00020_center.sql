-- What a system's token lets it do over OSIA (room registry/access), and reconciliation with the center (room registry).

-- +goose Up
alter table token add column scopes text not null default ''; -- separated by blanks

-- What the center thought of the office's records at the end of a day, and where the ledger differed.
create table reconciliation (
    day         text    primary key, -- yyyy-mm-dd
    at          integer not null,
    center      integer not null, -- records that the center named
    station     integer not null, -- records that the ledger has
    differences text    not null  -- JSON: ids, versions and words
) strict;

-- +goose Down
drop table reconciliation;
alter table token drop column scopes;
