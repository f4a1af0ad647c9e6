-- Stays by how they ended, with the nights of closed ones (docs/method.md §3).
-- One row per month (of the beginning; for `no_begin` of the end), side, state, nationality, sex, age band, visa class.
with

states as (
    from published.state_codes
),

visa_classes as (
    from published.visa_class_codes
),

summed as (
    select
        strftime(coalesce(began_on, ended_on), '%Y-%m') as month,
        side,
        state,
        nationality,
        sex,
        age_band,
        visa_class,
        count(*) as stays,
        sum(if(state = 'closed', ended_on - began_on, 0)) as nights
    from main.stays
    group by all
)

select
    summed.month,
    summed.side::varchar as side,
    summed.state::varchar as state,
    states.code as nationality,
    summed.sex::varchar as sex,
    summed.age_band::varchar as age_band,
    visa_classes.code as visa_class,
    summed.stays::bigint as stays,
    summed.nights::bigint as nights
from summed
inner join states on summed.nationality = states.number
inner join visa_classes on summed.visa_class = visa_classes.number
