-- What no package keeps. Instants are milliseconds since 1970 UTC; every `data` is encrypted. Events and documents are Marten's, messages Wolverine's.

-- The random key that all others are made from, wrapped under the master key: a new master key is one update here.
create table root_key(
    id bigint not null primary key check (id = 1),
    wrapped bytea not null
);

-- Messages that wait for an outage to end: for whose, and since when. The messages themselves are Wolverine's.
create table delayed_messages(
    id uuid not null primary key,
    waits_for text not null,
    since bigint not null
);
-- Read with every page of a clinician: it holds nothing while all is well.
create index delayed_messages_by_whom on delayed_messages(waits_for, since);

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

-- A practice's next list is stored beside the one that is shown. A row is part of the lists from from_list to before to_list;
-- the last possible number stands for no end.
create table patients(
    -- Made of the practice and the NHS number's keyed hash.
    id text not null,
    from_list bigint not null,
    to_list bigint not null default 9223372036854775807,
    practice text not null,
    name text not null,
    -- A keyed hash of the date of birth.
    born text not null,
    -- A keyed hash of what is encrypted in data tells whether a newer list says something else.
    digest text not null,
    -- Since when a patient is not on the practice's list any more; null while they are.
    missing_since bigint,
    data bytea not null,
    primary key (id, from_list)
);
-- Whole names are looked up by it. The beginnings of words are searched for in the rows: some 50 ms for 200,000 patients.
create index patients_by_name on patients(practice, name, id);
-- A frequent name with a date of birth is searched for by the date: a handful of rows are opened, not thousands.
create index patients_by_birth on patients(practice, born, name);

create table patient_lists(
    practice text not null primary key,
    shown bigint not null,
    latest bigint not null
);
