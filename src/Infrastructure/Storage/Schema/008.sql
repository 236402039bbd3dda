-- The random key that all others are made from, wrapped under the master key: a new master key is one update here.
create table root_key(
    id bigint not null primary key check (id = 1),
    wrapped bytea not null
);
-- What is past a practice's retention is found without reading the rest.
create index conversations_by_age on conversations(practice, sent_at, id);
