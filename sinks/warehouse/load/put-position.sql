-- The position where the next batch begins.
insert into main.positions
values (
    $source,
    $partition,
    $start_offset,
    $next_offset,
    $ended,
    $last_offset,
    $last_timestamp_ms,
    $last_digest
)
