-- What the group's tallies change in `flows`. One row per changed combination of dimensions.
insert into main.flow_deltas
select
    business_date,
    checkpoint,
    direction,
    'admitted' as decision,
    travel_mode,
    nationality,
    sex,
    'unknown' as age_band,
    0 as visa_class,
    'unknown' as purpose,
    true as is_tally,
    sum(weight * persons)::integer as persons
from main.tallies
where sequence >= first_sequence
group by all
having sum(weight * persons) <> 0
