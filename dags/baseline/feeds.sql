-- The latest message of every feed, from the facts of the last days and, for what has been quiet longer, from the last
-- refresh; with what came in this hour. One row per source and checkpoint.
with

recent as (/* recent */),

latest as (
    select
        source,
        checkpoint,
        epoch_ms(last_occurred_at) as last_occurred_ms,
        epoch_ms(last_received_at) as last_received_ms
    from main.baseline_feeds
)

select
    coalesce(recent.source, latest.source) as source,
    codes.code,
    greatest(recent.last_occurred_ms, latest.last_occurred_ms) as last_occurred_ms,
    greatest(recent.last_received_ms, latest.last_received_ms) as last_received_ms,
    recent.seen,
    recent.delay_desk,
    recent.delay_board
from recent
full join latest
    on recent.source = latest.source
    and recent.checkpoint = latest.checkpoint
inner join published.checkpoint_codes as codes on coalesce(recent.checkpoint, latest.checkpoint) = codes.number
