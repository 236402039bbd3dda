-- Instants are milliseconds since 1970 UTC; ids are 32 hexadecimal digits; every `data` is encrypted.

create table stream_keys(
    stream text not null primary key,
    wrapped blob not null
) without rowid;

create table events(
    stream text not null,
    version integer not null,
    type text not null,
    at integer not null,
    actor text not null,
    data blob not null,
    primary key (stream, version)
) without rowid;

create table conversations(
    id text not null primary key,
    ref text not null unique,
    practice text not null,
    requester text not null,
    patient text not null,
    status text not null,
    attention integer not null,
    sent_at integer not null,
    data blob not null
) without rowid;
create index conversations_of_requester on conversations(requester, attention desc, sent_at desc);

create table links(
    id text not null primary key,
    stream text not null
) without rowid;
create index links_of_stream on links(stream);

create table documents(
    type text not null,
    id text not null,
    stream text references stream_keys(stream) on delete cascade,
    lookup text,
    expires integer,
    version integer not null,
    data blob not null,
    primary key (type, id)
) without rowid;
create unique index documents_by_lookup on documents(type, lookup) where lookup is not null;
create index documents_of_stream on documents(stream) where stream is not null;
create index documents_by_expiry on documents(expires) where expires is not null;

create table messages(
    id text not null primary key,
    type text not null,
    body text not null,
    due integer not null,
    attempts integer not null default 0,
    lease text,
    lease_until integer not null default 0,
    parked_at integer,
    error text
) without rowid;
create index messages_due on messages(due) where parked_at is null;

create table counters(
    id text not null primary key,
    n integer not null,
    expires integer not null
) without rowid;
create index counters_by_expiry on counters(expires);

create table audit(
    id integer primary key autoincrement,
    at integer not null,
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
    data blob not null
) without rowid;
create unique index patients_by_nhs_number on patients(practice, nhs_number);
