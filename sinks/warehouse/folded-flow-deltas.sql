-- The changes of `flows` of some dates as sums. One row per combination of dimensions; what came to nothing is gone.
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
    sum(persons)::integer as persons
from main.flow_deltas
where business_date in (from temp.folded_dates)
group by all
having sum(persons) <> 0
