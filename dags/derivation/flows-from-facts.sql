-- `flows` as the current images give it, by numbers of codes, in the columns of flow_deltas. One row per combination.
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
    count(*) as persons
from published.current_crossings
group by all
union all
select
    business_date,
    checkpoint,
    direction,
    'admitted'::decision as decision,
    travel_mode,
    nationality,
    sex,
    'unknown'::age_band as age_band,
    0 as visa_class,
    'unknown'::purpose as purpose,
    true as is_tally,
    sum(persons) as persons
from published.current_tallies
group by all
having sum(persons) <> 0
