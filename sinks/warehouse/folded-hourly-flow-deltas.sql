-- The changes of `flows_hourly` of some dates as sums. One row per combination of dimensions; what came to nothing is
-- gone.
select
    business_date,
    business_hour,
    checkpoint,
    direction,
    decision,
    sum(persons)::integer as persons
from main.hourly_flow_deltas
where business_date in (from temp.folded_dates)
group by all
having sum(persons) <> 0
