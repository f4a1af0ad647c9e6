-- Persons of one business date by checkpoint, busiest first. One row per checkpoint with crossings on that date.
select
    checkpoint,
    coalesce(sum(persons) filter (direction = 'arrival' and decision = 'admitted'), 0)::bigint as arrivals,
    coalesce(sum(persons) filter (direction = 'exit' and decision = 'admitted'), 0)::bigint as exits,
    coalesce(sum(persons) filter (decision = 'refused'), 0)::bigint as refused
from published.flows_hourly
where business_date = $date::date
group by checkpoint
order by arrivals + exits desc, checkpoint
