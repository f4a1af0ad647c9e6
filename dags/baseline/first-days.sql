-- The first day of every feed: before it nobody was there to be silent.
-- One row per source and checkpoint; what names no checkpoint has number 0.
select
    'gdi.crossing.v1' as source,
    checkpoint::integer as checkpoint,
    (min(business_date) - date '1970-01-01')::integer as day
from main.hourly_flow_deltas
group by checkpoint
union all
select
    'gdi.tally.v1' as source,
    checkpoint::integer as checkpoint,
    (min(business_date) - date '1970-01-01')::integer as day
from main.tallies
group by checkpoint
union all
select
    'gdi.extension.v1' as source,
    0 as checkpoint,
    (min(business_date) - date '1970-01-01')::integer as day
from main.extensions
having count(*) > 0
union all
select
    'fpcs.registration.v1' as source,
    0 as checkpoint,
    (min(business_date) - date '1970-01-01')::integer as day
from main.registrations
having count(*) > 0
