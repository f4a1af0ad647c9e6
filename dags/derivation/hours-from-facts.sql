-- `flows_hourly` as the current images give it, in the columns of hourly_flow_deltas. One row per combination.
select
    business_date,
    business_hour,
    checkpoint,
    direction,
    decision,
    count(*) as persons
from published.current_crossings
group by all
