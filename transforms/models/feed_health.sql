-- Messages of a checkpoint in an hour beside the median of the same weekday and hour over the eight weeks before, and
-- delays in seconds (docs/method.md §9). Counts the images that were loaded, whatever became of them later. The hour is
-- that of the event; of a tally, whose date has none, that of its recording. What names no checkpoint is `unknown`.
-- One row per source, checkpoint, business date and hour with messages, or with some to be expected.
with

checkpoints as (
    select
        number,
        code
    from main.codes
    where dimension = 'checkpoint'
),

images as (
    select
        'gdi.crossing.v1' as source,
        checkpoint,
        occurred_at as happened_at,
        epoch(recorded_at) - epoch(occurred_at) as delay_desk,
        epoch(received_at) - epoch(recorded_at) as delay_board
    from main.crossings
    where weight = 1
    union all
    select
        'gdi.tally.v1' as source,
        checkpoint,
        recorded_at as happened_at,
        null as delay_desk,
        epoch(received_at) - epoch(recorded_at) as delay_board
    from main.tallies
    where weight = 1
    union all
    select
        'gdi.extension.v1' as source,
        0 as checkpoint,
        granted_at as happened_at,
        null as delay_desk,
        null as delay_board
    from main.extensions
    where weight = 1
    union all
    select
        'fpcs.registration.v1' as source,
        0 as checkpoint,
        registered_at as happened_at,
        null as delay_desk,
        null as delay_board
    from main.registrations
    where weight = 1
),

counted as (
    select
        source,
        checkpoint,
        (epoch_ms(happened_at) + 25200000) // 3600000 as hour_number,
        count(*) as messages,
        quantile_cont(delay_desk, [0.5, 0.95]) as delay_desk,
        quantile_cont(delay_board, [0.5, 0.95]) as delay_board
    from images
    group by all
),

weeks as (
    select unnest(range(1, 9)) as number
),

-- Weeks without messages count as nought, so the median of eight is taken from the four or more that are there.
baseline as (
    select
        counted.source,
        counted.checkpoint,
        counted.hour_number + weeks.number * 168 as hour_number,
        list_sort(list(counted.messages), 'desc') as seen
    from counted
    cross join weeks
    group by
        counted.source,
        counted.checkpoint,
        counted.hour_number + weeks.number * 168
),

joined as (
    select
        coalesce(counted.source, baseline.source) as source,
        coalesce(counted.checkpoint, baseline.checkpoint) as checkpoint,
        coalesce(counted.hour_number, baseline.hour_number) as hour_number,
        coalesce(counted.messages, 0) as messages,
        (coalesce(baseline.seen[4], 0) + coalesce(baseline.seen[5], 0)) / 2 as expected,
        counted.delay_desk,
        counted.delay_board
    from counted
    full join baseline
        on counted.source = baseline.source
        and counted.checkpoint = baseline.checkpoint
        and counted.hour_number = baseline.hour_number
),

dated as (
    select
        joined.*,
        date '1970-01-01' + (hour_number // 24)::integer as business_date
    from joined
    where messages > 0
        or expected > 0
)

select
    dated.source,
    checkpoints.code as checkpoint,
    dated.business_date,
    (dated.hour_number % 24)::integer as hour,
    dated.messages::bigint as messages,
    dated.expected::double as expected,
    dated.delay_desk[1]::double as delay_desk_p50,
    dated.delay_desk[2]::double as delay_desk_p95,
    dated.delay_board[1]::double as delay_board_p50,
    dated.delay_board[2]::double as delay_board_p95
from dated
inner join checkpoints on dated.checkpoint = checkpoints.number
cross join main.derivation
where dated.business_date <= derivation.as_of
