-- What every feed sent lately. Parameters: $today (a date), $hour (0–23), $now_us and $since_us, microseconds
-- since 1970: now, and the instant from which delays are taken; $after_sequence, the place from which crossings are
-- read for delays. Dates cut what is read, as facts lie about in the order of their dates; a crossing of long ago that
-- came just now is found by its place.
-- One row per source and checkpoint; what names no checkpoint has number 0.
with

crossings as (
    select
        checkpoint,
        max(occurred_at) as last_occurred_at,
        max(received_at) as last_received_at
    from main.crossings
    where weight = 1 and business_date between $today::date - 1 and $today::date + 1
    group by checkpoint
),

this_hour as (
    select
        checkpoint,
        sum(persons) as seen
    from main.hourly_flow_deltas
    where business_date = $today::date and business_hour = $hour::utinyint
    group by checkpoint
),

images as (
    select
        'gdi.crossing.v1' as source,
        checkpoint,
        occurred_at,
        recorded_at,
        received_at,
        false as is_this_hour
    from main.crossings
    where weight = 1 and sequence > $after_sequence::uinteger and received_at >= make_timestamptz($since_us::bigint)
    union all
    select
        'gdi.tally.v1' as source,
        checkpoint,
        recorded_at as occurred_at,
        recorded_at,
        received_at,
        recorded_at >= date_trunc('hour', make_timestamptz($now_us::bigint)) as is_this_hour
    from main.tallies
    where weight = 1 and business_date between $today::date - 7 and $today::date + 1
    union all
    select
        'gdi.extension.v1' as source,
        0 as checkpoint,
        granted_at as occurred_at,
        granted_at as recorded_at,
        received_at,
        granted_at >= date_trunc('hour', make_timestamptz($now_us::bigint)) as is_this_hour
    from main.extensions
    where weight = 1 and business_date between $today::date - 1 and $today::date + 1
    union all
    select
        'fpcs.registration.v1' as source,
        0 as checkpoint,
        registered_at as occurred_at,
        registered_at as recorded_at,
        received_at,
        registered_at >= date_trunc('hour', make_timestamptz($now_us::bigint)) as is_this_hour
    from main.registrations
    where weight = 1 and business_date between $today::date - 1 and $today::date + 1
),

delays as (
    select
        source,
        checkpoint,
        max(occurred_at) as last_occurred_at,
        max(received_at) as last_received_at,
        count(*) filter (is_this_hour) as seen,
        median(epoch(recorded_at) - epoch(occurred_at)) filter (is_recent) as delay_desk,
        median(epoch(received_at) - epoch(recorded_at)) filter (is_recent) as delay_board
    from (
        select
            *,
            received_at >= make_timestamptz($since_us::bigint) as is_recent
        from images
    )
    group by all
),

parts as (
    from delays
    union all by name
    select
        'gdi.crossing.v1' as source,
        checkpoint,
        last_occurred_at,
        last_received_at
    from crossings
    union all by name
    select
        'gdi.crossing.v1' as source,
        checkpoint,
        seen
    from this_hour
)

select
    source,
    checkpoint,
    epoch_ms(max(last_occurred_at)) as last_occurred_ms,
    epoch_ms(max(last_received_at)) as last_received_ms,
    greatest(sum(seen), 0)::bigint as seen,
    max(delay_desk) as delay_desk,
    max(delay_board) as delay_board
from parts
group by all
