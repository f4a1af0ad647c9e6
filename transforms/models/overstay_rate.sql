-- Stays whose last authorised day has passed, and how many of them went on beyond it (docs/method.md §5).
-- One row per month of the last authorised day, nationality and visa class.
with

states as (
    from published.state_codes
),

visa_classes as (
    from published.visa_class_codes
),

summed as (
    select
        strftime(stays.permitted_until, '%Y-%m') as month,
        stays.nationality,
        stays.visa_class,
        count(*) as expected_departures,
        count(*) filter (stays.ended_on is null or stays.ended_on > stays.permitted_until) as overstayed
    from main.stays
    cross join main.derivation
    where stays.side = 'inside'
        and stays.state in ('open', 'closed', 'lapsed')
        and stays.permitted_until < derivation.as_of
    group by all
)

select
    summed.month,
    states.code as nationality,
    visa_classes.code as visa_class,
    summed.expected_departures::bigint as expected_departures,
    summed.overstayed::bigint as overstayed
from summed
inner join states on summed.nationality = states.number
inner join visa_classes on summed.visa_class = visa_classes.number
