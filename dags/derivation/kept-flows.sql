-- `flows` as loading keeps it, by numbers of codes, up to the as-of date. One row per combination of dimensions.
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
    is_tally,
    sum(persons) as persons
from main.flow_deltas
where business_date <= getvariable('as_of')::date
group by all
having sum(persons) <> 0
