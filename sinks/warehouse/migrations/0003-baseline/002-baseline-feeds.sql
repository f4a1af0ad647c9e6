-- The latest message of every feed when the baseline was last refreshed: what readers of the recent days begin with.
create table if not exists baseline_feeds (
    source varchar not null,
    checkpoint smallint not null,
    last_occurred_at timestamptz not null,
    last_received_at timestamptz not null
)
