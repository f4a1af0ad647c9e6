-- Crossings by whether they changed the traveller's long-term residence, by the 12/16-month rule (docs/method.md §8).
-- One row per month, side, flow, nationality, sex, age band (of the crossing) and outcome.
with

states as (
    from published.state_codes
),

events as (
    select
        began_on as business_date,
        side,
        'in' as flow,
        nationality,
        sex,
        age_band,
        in_published as outcome
    from main.stays
    where in_published is not null
    union all
    select
        walk_ended_on as business_date,
        side,
        'out' as flow,
        out_nationality as nationality,
        out_sex as sex,
        out_age_band as age_band,
        out_published as outcome
    from main.stays
    where out_published is not null
),

-- Who was resident when leaving was seen before: only the others may have crossed before the first fact.
published_events as (
    select
        events.* replace (if(
            events.business_date - derivation.first_fact < 487
            and not (events.flow = 'out' and events.outcome <> 'not_a_change'),
            'undetermined',
            events.outcome::varchar
        ) as outcome)
    from events
    cross join main.derivation
),

summed as (
    select
        strftime(business_date, '%Y-%m') as month,
        side,
        flow,
        nationality,
        sex,
        age_band,
        outcome,
        count(*) as crossings
    from published_events
    group by all
)

select
    summed.month,
    summed.side::varchar as side,
    summed.flow,
    states.code as nationality,
    summed.sex::varchar as sex,
    summed.age_band::varchar as age_band,
    summed.outcome,
    summed.crossings::bigint as crossings
from summed
inner join states on summed.nationality = states.number
