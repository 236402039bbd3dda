-- What lists of conversations filter by besides, and which conversation asks again after which.
alter table conversations add column delivery text not null default 'Queued';
alter table conversations add column done bigint not null default 0;
alter table conversations add column follows text;

update conversations set delivery = coalesce((
    select case e.type when 'SmsAttempted' then 'Sending' when 'SmsAccepted' then 'Sent' when 'SmsFailed' then 'Failed' when 'SmsUnknown' then 'Unknown' else 'Queued' end
    from events e
    where e.stream = conversations.id and e.type in ('MessageSent', 'SmsSentAgain', 'SmsAttempted', 'SmsAccepted', 'SmsPostponed', 'SmsFailed', 'SmsUnknown')
    order by e.version desc limit 1), 'Queued');

drop index conversations_of_requester;
create index conversations_of_requester on conversations(requester, attention desc, sent_at desc, id desc);
create index conversations_following on conversations(follows) where follows is not null;
