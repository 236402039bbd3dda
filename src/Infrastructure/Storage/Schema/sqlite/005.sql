-- A practice's next list is stored beside the one that is shown. A row is part of the lists from from_list to before to_list;
-- the last possible number stands for no end.
create table patient_lists(
    practice text not null primary key,
    shown integer not null,
    latest integer not null
) without rowid;
insert into patient_lists(practice, shown, latest) select distinct practice, 1, 1 from patients;

-- The NHS number's keyed hash is in the id. Rows are kept in the order in which they come: random ones would write every page anew.
create table listed_patients(
    id text not null,
    from_list integer not null,
    to_list integer not null default 9223372036854775807,
    practice text not null,
    name text not null,
    digest text not null,
    missing_since integer,
    data blob not null,
    primary key (id, from_list)
);
insert into listed_patients(id, from_list, practice, name, digest, missing_since, data)
select id, 1, practice, name, digest, missing_since, data from patients;
drop table patients;
alter table listed_patients rename to patients;
-- The beginnings of words are searched for in this index alone, without the encrypted rest: some 50 ms for 200,000 patients.
create index patients_by_name on patients(practice, name);
