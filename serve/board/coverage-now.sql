-- Stays past 24 hours that began in the last 31 days, and those of them that were registered, in time or later
-- (docs/method.md §6). One row.
select
    count(*) as stays,
    count(*) filter (stays.coverage in ('within_24h', 'later')) as registered
from main.stays
cross join main.derivation
where stays.coverage is not null
    and stays.began_on > derivation.as_of - 31
