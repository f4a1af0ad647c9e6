-- Admitted persons by hour of one mode of travel, crossings only. One row per hour with crossings.
select
    (business_date - date '1970-01-01')::integer as day,
    business_hour::integer as hour,
    coalesce(sum(weight) filter (direction = 'arrival'), 0)::bigint as arrivals,
    coalesce(sum(weight) filter (direction = 'exit'), 0)::bigint as departures
from main.crossings
where business_date between $from::date and $to::date
    and decision = 'admitted'
    and travel_mode = $mode::travel_mode
    and ($checkpoint is null or checkpoint = $checkpoint::smallint)
group by all
