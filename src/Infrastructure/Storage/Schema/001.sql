-- Instants are milliseconds since 1970 UTC; ids are 32 hexadecimal digits; every `data` is encrypted.

create table stream_keys(
    stream text not null primary key,
    wrapped bytea not null
);

create table events(
    stream text not null,
    version bigint not null,
    type text not null,
    at bigint not null,
    actor text not null,
    data bytea not null,
    primary key (stream, version)
);

create table conversations(
    id text not null primary key,
    ref text not null unique,
    practice text not null,
    requester text not null,
    patient text not null,
    status text not null,
    attention bigint not null,
    sent_at bigint not null,
    data bytea not null
);
create index conversations_of_requester on conversations(requester, attention desc, sent_at desc);

create table links(
    id text not null primary key,
    stream text not null
);
create index links_of_stream on links(stream);

create table documents(
    type text not null,
    id text not null,
    stream text references stream_keys(stream) on delete cascade,
    lookup text,
    expires bigint,
    version bigint not null,
    data bytea not null,
    primary key (type, id)
);
create unique index documents_by_lookup on documents(type, lookup) where lookup is not null;
create index documents_of_stream on documents(stream) where stream is not null;
create index documents_by_expiry on documents(expires) where expires is not null;

create table messages(
    id text not null primary key,
    type text not null,
    body text not null,
    due bigint not null,
    attempts bigint not null default 0,
    lease text,
    lease_until bigint not null default 0,
    parked_at bigint,
    error text
);
create index messages_due on messages(due) where parked_at is null;

create table counters(
    id text not null primary key,
    n bigint not null,
    expires bigint not null
);
create index counters_by_expiry on counters(expires);

create table audit(
    id bigint generated always as identity primary key,
    at bigint not null,
    actor text not null,
    action text not null,
    subject text not null,
    detail text not null
);
create index audit_of_subject on audit(subject, id);

create table patients(
    id text not null primary key,
    practice text not null,
    nhs_number text not null,
    name text not null,
    data bytea not null
);
create unique index patients_by_nhs_number on patients(practice, nhs_number);
