-- Dates of `hourly_flow_deltas` whose rows are more than their sums. One row per date.
select
    (business_date - date '1970-01-01')::integer as day,
    sum(folded)::bigint as rows
from (
    select
        business_date,
        count(*) as folded,
        sum(persons) as persons
    from main.hourly_flow_deltas
    group by business_date, business_hour, checkpoint, direction, decision
) as combinations
group by business_date
having sum(folded) > count(*) filter (persons <> 0)
order by day
