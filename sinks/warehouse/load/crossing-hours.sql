-- What the group's crossings change in `flows_hourly`. One row per changed combination of dimensions.
insert into main.hourly_flow_deltas
select
    business_date,
    business_hour,
    checkpoint,
    direction,
    decision,
    sum(weight)::integer as persons
from main.crossings
where sequence >= first_sequence
group by all
having sum(weight) <> 0
