-- Persons by hour on some days. Parameter: $days, days since 1970-01-01.
-- One row per day, hour, checkpoint and direction.
select
    checkpoint::integer as checkpoint,
    (direction = 'arrival')::integer as is_arrival,
    (business_date - date '1970-01-01')::integer as day,
    business_hour::integer as hour,
    coalesce(sum(persons) filter (decision = 'admitted'), 0)::integer as admitted,
    sum(persons)::integer as persons
from main.hourly_flow_deltas
where business_date in (select date '1970-01-01' + unnest($days::integer[]))
group by all
