-- Inbound trips of international visitors by IRTS 2008, with the nights of closed stays (docs/method.md §7).
-- One row per month of the beginning, residence, nationality, purpose, mode and kind.
with

states as (
    from published.state_codes
),

visa_classes as (
    from published.visa_class_codes
),

trips as (
    select
        stays.*,
        if(stays.residence = 0, stays.nationality, stays.residence) as lives_in,
        coalesce(stays.ended_on, derivation.as_of) > stays.began_on as is_overnight
    from main.stays
    inner join visa_classes on stays.visa_class = visa_classes.number
    cross join main.derivation
    where stays.side = 'inside'
        and stays.began_on is not null
        and stays.purpose <> 'employment'
        and stays.document_type <> 'border_pass'
        and visa_classes.code not in ('A', 'B', 'border_pass')
        and stays.in_outcome not in ('migrant', 'not_a_change')
),

summed as (
    select
        strftime(began_on, '%Y-%m') as month,
        lives_in,
        nationality,
        purpose,
        travel_mode,
        is_overnight,
        count(*) as visitors,
        sum(if(state = 'closed', ended_on - began_on, 0)) as nights
    from trips
    group by all
)

select
    summed.month,
    residences.code as residence,
    states.code as nationality,
    summed.purpose::varchar as purpose,
    summed.travel_mode::varchar as mode,
    if(summed.is_overnight, 'overnight', 'same_day') as kind,
    summed.visitors::bigint as visitors,
    summed.nights::bigint as nights
from summed
inner join states as residences on summed.lives_in = residences.number
inner join states on summed.nationality = states.number
where residences.code <> 'KHM'
