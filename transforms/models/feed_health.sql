-- Messages of a checkpoint in an hour beside the median of the same weekday and hour over the eight weeks before, and
-- delays in seconds (docs/method.md §9). Counts the images that were loaded, whatever became of them later. The hour is
-- that of the event; of a tally, whose date has none, that of its recording. What names no checkpoint is `unknown`.
-- One row per source, checkpoint, business date and hour with messages, or with some to be expected.
with

checkpoints as (
    from published.checkpoint_codes
),

images as (
    select
        'gdi.crossing.v1' as source,
        checkpoint,
        business_date,
        business_hour as hour,
        epoch(recorded_at) - epoch(occurred_at) as delay_desk,
        epoch(received_at) - epoch(recorded_at) as delay_board
    from main.crossings
    where weight = 1
    union all
    select
        'gdi.tally.v1' as source,
        checkpoint,
        date '1970-01-01' + ((epoch_ms(recorded_at) + 25200000) // 86400000)::integer as business_date,
        (epoch_ms(recorded_at) + 25200000) // 3600000 % 24 as hour,
        null as delay_desk,
        epoch(received_at) - epoch(recorded_at) as delay_board
    from main.tallies
    where weight = 1
    union all
    select
        'gdi.extension.v1' as source,
        0 as checkpoint,
        business_date,
        (epoch_ms(granted_at) + 25200000) // 3600000 % 24 as hour,
        null as delay_desk,
        null as delay_board
    from main.extensions
    where weight = 1
    union all
    select
        'fpcs.registration.v1' as source,
        0 as checkpoint,
        business_date,
        (epoch_ms(registered_at) + 25200000) // 3600000 % 24 as hour,
        null as delay_desk,
        null as delay_board
    from main.registrations
    where weight = 1
),

-- Delays are asked apart from the counts: who asks for one date then sorts the delays of that date only.
seen as (
    select
        source,
        checkpoint,
        business_date,
        hour,
        count(*) as messages,
        quantile_cont(delay_desk, [0.5, 0.95]) as delay_desk,
        quantile_cont(delay_board, [0.5, 0.95]) as delay_board
    from images
    group by all
),

weeks as (
    select unnest(range(1, 9))::integer as number
),

seen_before as (
    select
        counted.source,
        counted.checkpoint,
        counted.business_date + 7 * weeks.number as business_date,
        counted.hour,
        counted.messages
    from (
        select
            source,
            checkpoint,
            business_date,
            hour,
            count(*) as messages
        from images
        group by all
    ) as counted
    cross join weeks
),

together as (
    select
        source,
        checkpoint,
        business_date,
        hour,
        messages,
        delay_desk,
        delay_board,
        null as messages_before
    from seen
    union all
    select
        source,
        checkpoint,
        business_date,
        hour,
        0 as messages,
        null as delay_desk,
        null as delay_board,
        messages as messages_before
    from seen_before
),

summed as (
    select
        source,
        checkpoint,
        business_date,
        hour,
        sum(messages) as messages,
        any_value(delay_desk) as delay_desk,
        any_value(delay_board) as delay_board,
        list(messages_before order by messages_before desc) filter (messages_before is not null) as before
    from together
    group by all
),

-- Weeks without messages count as nought, so the median of eight is between the fourth and the fifth of those seen.
judged as (
    select
        summed.*,
        (coalesce(before[4], 0) + coalesce(before[5], 0)) / 2 as expected
    from summed
)

select
    judged.source,
    checkpoints.code as checkpoint,
    judged.business_date,
    judged.hour::integer as hour,
    judged.messages::bigint as messages,
    judged.expected::double as expected,
    judged.delay_desk[1]::double as delay_desk_p50,
    judged.delay_desk[2]::double as delay_desk_p95,
    judged.delay_board[1]::double as delay_board_p50,
    judged.delay_board[2]::double as delay_board_p95
from judged
inner join checkpoints on judged.checkpoint = checkpoints.number
cross join main.derivation
where judged.business_date <= derivation.as_of
    and (judged.messages > 0 or judged.expected > 0)
