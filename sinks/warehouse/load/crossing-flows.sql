-- What the group's crossings change in `flows`. One row per changed combination of dimensions.
insert into main.flow_deltas
select
    business_date,
    checkpoint,
    direction,
    decision,
    travel_mode,
    nationality,
    sex,
    age_band,
    visa_class,
    purpose,
    false as is_tally,
    sum(weight)::integer as persons
from main.crossings
where sequence >= first_sequence
group by all
having sum(weight) <> 0
