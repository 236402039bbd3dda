-- How often a practice has messaged a patient lately: shown on the compose page at every visit.
create index conversations_of_patient on conversations(practice, patient, sent_at);
