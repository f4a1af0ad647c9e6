-- Crossings of travellers under 18 whose date of birth is known (docs/method.md §9).
-- One row per month, direction, nationality, sex, age band, accompaniment and decision.
with

states as (
    from published.state_codes
),

summed as (
    select
        strftime(business_date, '%Y-%m') as month,
        direction,
        nationality,
        sex,
        case
            when age < 5 then '0-4'
            when age < 10 then '5-9'
            when age < 15 then '10-14'
            else '15-17'
        end as age_band,
        accompaniment,
        decision,
        count(*) as persons
    from published.current_crossings
    where age < 18
    group by all
)

select
    summed.month,
    summed.direction::varchar as direction,
    states.code as nationality,
    summed.sex::varchar as sex,
    summed.age_band,
    summed.accompaniment::varchar as accompaniment,
    summed.decision::varchar as decision,
    summed.persons::bigint as persons
from summed
inner join states on summed.nationality = states.number
