-- Admitted persons by date, crossings and tallies. One row per date with persons.
select
    (business_date - date '1970-01-01')::integer as day,
    24 as hour,
    coalesce(sum(persons) filter (direction = 'arrival'), 0)::bigint as arrivals,
    coalesce(sum(persons) filter (direction = 'exit'), 0)::bigint as departures
from main.flow_deltas
where business_date between $from::date and $to::date
    and decision = 'admitted'
    and ($checkpoint is null or checkpoint = $checkpoint::smallint)
    and ($mode is null or travel_mode = $mode::travel_mode)
group by all
