-- How often a practice has messaged a patient lately, and whose full names a text holds: shown on the compose page at every visit.
create index conversations_of_patient on conversations(practice, patient, sent_at);
create index patients_by_name on patients(practice, name);
