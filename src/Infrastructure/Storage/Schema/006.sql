-- Whom a clinician messaged last is shown beside every search, also while they type.
create index conversations_by_patient_of_requester on conversations(requester, patient, sent_at);
