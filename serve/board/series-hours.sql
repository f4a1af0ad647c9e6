-- Admitted persons by hour, crossings only. One row per hour with crossings.
select
    (business_date - date '1970-01-01')::integer as day,
    business_hour::integer as hour,
    coalesce(sum(persons) filter (direction = 'arrival'), 0)::bigint as arrivals,
    coalesce(sum(persons) filter (direction = 'exit'), 0)::bigint as departures
from main.hourly_flow_deltas
where business_date between $from::date and $to::date
    and decision = 'admitted'
    and ($checkpoint is null or checkpoint = $checkpoint::smallint)
group by all
