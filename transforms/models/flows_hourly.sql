-- Persons who crossed by hour of the day at UTC+7; crossings only (docs/method.md §2).
-- One row per business date, hour, checkpoint, direction and decision.
with

checkpoints as (
    from published.checkpoint_codes
),

summed as (
    select
        business_date,
        business_hour,
        checkpoint,
        direction,
        decision,
        sum(persons) as persons
    from main.hourly_flow_deltas
    where business_date <= coalesce(getvariable('as_of')::date, date '9999-12-31')
    group by all
    having sum(persons) <> 0
)

select
    summed.business_date,
    summed.business_hour::integer as hour,
    checkpoints.code as checkpoint,
    summed.direction::varchar as direction,
    summed.decision::varchar as decision,
    summed.persons::bigint as persons
from summed
inner join checkpoints on summed.checkpoint = checkpoints.number
