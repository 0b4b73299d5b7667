-- Lists that people go through, newest first, and the applications on hold (room registry).

-- +goose Up
create index complaint_received on complaint (received_at, id);
create index incident_began on incident (began_at, id);
create index application_held on application (id) where state = 'on hold' or kept_hold > 0;

-- +goose Down
drop index application_held;
drop index incident_began;
drop index complaint_received;
