-- Cambodians who came back, as recorded at the desk (docs/method.md §9): admitted arrivals of nationals only; the block on
-- an exit or on a foreigner is stored and counted nowhere.
-- One row per month, checkpoint, state returned from, reason, NEA outcome, sex, age band and destination province.
with

checkpoints as (
    from published.checkpoint_codes
),

states as (
    from published.state_codes
),

provinces as (
    from published.province_codes
),

nationals as (
    select crossings.*
    from published.current_crossings as crossings
    inner join states on crossings.nationality = states.number
    where states.code = 'KHM'
),

summed as (
    select
        strftime(business_date, '%Y-%m') as month,
        checkpoint,
        returnee_from,
        returnee_reason,
        returnee_nea,
        sex,
        age_band,
        destination_province,
        count(*) as persons
    from nationals
    where direction = 'arrival'
        and decision = 'admitted'
        and returnee_reason is not null
    group by all
)

select
    summed.month,
    checkpoints.code as checkpoint,
    states.code as returned_from,
    summed.returnee_reason::varchar as reason,
    summed.returnee_nea::varchar as nea,
    summed.sex::varchar as sex,
    summed.age_band::varchar as age_band,
    provinces.code as province,
    summed.persons::bigint as persons
from summed
inner join checkpoints on summed.checkpoint = checkpoints.number
inner join states on summed.returnee_from = states.number
inner join provinces on summed.destination_province = provinces.number
