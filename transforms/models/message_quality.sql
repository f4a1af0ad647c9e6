-- What became of messages that are not simply loaded, by date of receipt at UTC+7 (docs/method.md §9, the part of
-- `data_quality` that loading itself counts). Not cut at the as-of date.
-- One row per date of receipt, contract, kind and reason.
select
    received_on as business_date,
    contract as source,
    kind,
    if(reason = 'none', 'unknown', reason) as reason,
    sum(messages)::bigint as messages
from main.accounting
where kind in ('quarantined', 'duplicate', 'superseded', 'schema_drift')
group by all
having sum(messages) <> 0
