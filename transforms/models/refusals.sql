-- Travellers who were refused (docs/method.md §9).
-- One row per month, checkpoint, mode, direction, nationality and reason.
with

checkpoints as (
    from published.checkpoint_codes
),

states as (
    from published.state_codes
),

refusal_reasons as (
    from published.refusal_reason_codes
),

summed as (
    select
        strftime(business_date, '%Y-%m') as month,
        checkpoint,
        travel_mode,
        direction,
        nationality,
        refusal_reason,
        count(*) as persons
    from published.current_crossings
    where decision = 'refused'
    group by all
)

select
    summed.month,
    checkpoints.code as checkpoint,
    summed.travel_mode::varchar as mode,
    summed.direction::varchar as direction,
    states.code as nationality,
    refusal_reasons.code as reason,
    summed.persons::bigint as persons
from summed
inner join checkpoints on summed.checkpoint = checkpoints.number
inner join states on summed.nationality = states.number
inner join refusal_reasons on summed.refusal_reason = refusal_reasons.number
