-- A practice's next list is stored beside the one that is shown. A row is part of the lists from from_list to before to_list;
-- the last possible number stands for no end.
create table patient_lists(
    practice text not null primary key,
    shown bigint not null,
    latest bigint not null
);
insert into patient_lists(practice, shown, latest) select distinct practice, 1, 1 from patients;

alter table patients add column from_list bigint not null default 1;
alter table patients alter column from_list drop default;
alter table patients add column to_list bigint not null default 9223372036854775807;
alter table patients alter column digest drop default;
alter table patients drop constraint patients_pkey;
alter table patients add primary key (id, from_list);
-- The NHS number's keyed hash is in the id.
alter table patients drop column nhs_number;
