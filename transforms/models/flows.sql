-- Persons who crossed, by what the crossing says of them (docs/method.md §2).
-- One row per business date, checkpoint, direction, decision, mode, nationality, sex, age band, visa class, purpose and
-- source.
with

checkpoints as (
    from published.checkpoint_codes
),

states as (
    from published.state_codes
),

visa_classes as (
    from published.visa_class_codes
),

summed as (
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
    where business_date <= coalesce(getvariable('as_of')::date, date '9999-12-31')
    group by all
    having sum(persons) <> 0
)

select
    summed.business_date,
    checkpoints.code as checkpoint,
    summed.direction::varchar as direction,
    summed.decision::varchar as decision,
    summed.travel_mode::varchar as mode,
    states.code as nationality,
    summed.sex::varchar as sex,
    summed.age_band::varchar as age_band,
    visa_classes.code as visa_class,
    summed.purpose::varchar as purpose,
    if(summed.is_tally, 'tally', 'crossing') as source,
    summed.persons::bigint as persons
from summed
inner join checkpoints on summed.checkpoint = checkpoints.number
inner join states on summed.nationality = states.number
inner join visa_classes on summed.visa_class = visa_classes.number
