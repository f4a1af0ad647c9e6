-- Admitted arrivals of nationals who are returned. Parameters: $from and $to (dates, both inclusive), $nationals (the
-- number of their state). One row per checkpoint, date and hour at UTC+7 where there was one.
select
    codes.code as checkpoint,
    (crossings.business_date - date '1970-01-01')::integer as day,
    crossings.business_hour::integer as hour,
    sum(crossings.weight)::integer as persons
from main.crossings
inner join published.checkpoint_codes as codes on crossings.checkpoint = codes.number
where crossings.business_date between $from::date and $to::date
    and crossings.returnee_reason is not null
    and crossings.direction = 'arrival'
    and crossings.decision = 'admitted'
    and crossings.nationality = $nationals
group by all
having sum(crossings.weight) > 0
