-- A message that waits for an outage to end: for whose, and since when (0: it waits for none).
alter table messages add column delayed_by text;
alter table messages add column delayed_since bigint not null default 0;
-- Read with every page of a clinician: it holds nothing while all is well.
create index messages_delayed on messages(delayed_by, delayed_since) where delayed_by is not null;
