-- Messages of the other contracts by the hour of their event on some days. Parameter: $days, days since 1970-01-01.
-- A tally counts when it was recorded, up to a week after its date. One row per source, checkpoint, day and hour; what
-- names no checkpoint has number 0.
with

wanted as (
    select unnest($days::integer[]) as day
),

events as (
    select
        'gdi.tally.v1' as source,
        checkpoint,
        epoch_ms(recorded_at) as event_ms
    from main.tallies
    where weight = 1 and business_date in (select date '1970-01-01' + day - unnest(range(8))::integer from wanted)
    union all
    select
        'gdi.extension.v1' as source,
        0 as checkpoint,
        epoch_ms(granted_at) as event_ms
    from main.extensions
    where weight = 1 and business_date in (select date '1970-01-01' + day from wanted)
    union all
    select
        'fpcs.registration.v1' as source,
        0 as checkpoint,
        epoch_ms(registered_at) as event_ms
    from main.registrations
    where weight = 1 and business_date in (select date '1970-01-01' + day from wanted)
),

-- 25,200,000 ms: UTC+7.
hours as (
    select
        source,
        checkpoint,
        (event_ms + 25200000) // 3600000 as hour,
        count(*) as messages
    from events
    group by all
)

select
    source,
    checkpoint::integer as checkpoint,
    (hour // 24)::integer as day,
    (hour % 24)::integer as hour,
    messages::integer as messages
from hours
where hour // 24 in (from wanted)
