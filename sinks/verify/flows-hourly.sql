-- `flows_hourly` equals its recomputation from the current images. One row per combination whose figures differ.
with

recomputed as (
    select
        business_date, business_hour, checkpoint, direction, decision,
        count(*) as persons
    from published.current_crossings
    group by all
),

both_sides as (
    select *, persons as maintained, 0 as expected from main.hourly_flow_deltas
    union all
    select *, 0 as maintained, persons as expected from recomputed
)

select
    business_date, business_hour, checkpoint, direction, decision,
    sum(maintained)::bigint as maintained,
    sum(expected)::bigint as expected
from both_sides
group by all
having sum(maintained) <> sum(expected)
