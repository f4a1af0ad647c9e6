-- `flows` equals its recomputation from the current images. One row per combination whose figures differ.
with

recomputed as (
    select
        business_date, checkpoint, direction, decision, travel_mode, nationality, sex, age_band, visa_class, purpose,
        false as is_tally,
        count(*) as persons
    from published.current_crossings
    group by all
    union all
    select
        business_date, checkpoint, direction, 'admitted' as decision, travel_mode, nationality, sex,
        'unknown' as age_band, 0 as visa_class, 'unknown' as purpose,
        true as is_tally,
        sum(persons) as persons
    from published.current_tallies
    group by all
),

both_sides as (
    select *, persons as maintained, 0 as expected from main.flow_deltas
    union all
    select *, 0 as maintained, persons as expected from recomputed
)

select
    business_date, checkpoint, direction, decision, travel_mode, nationality, sex, age_band, visa_class, purpose, is_tally,
    sum(maintained)::bigint as maintained,
    sum(expected)::bigint as expected
from both_sides
group by all
having sum(maintained) <> sum(expected)
