-- Compare-and-set: the position moves only from where this batch begins. Exactly one row changes, or the batch is stale.
update main.positions
set
    next_offset = $next_offset,
    ended = ended or $ended,
    last_offset = coalesce($last_offset, last_offset),
    last_timestamp_ms = coalesce($last_timestamp_ms, last_timestamp_ms),
    last_digest = coalesce($last_digest, last_digest)
where source = $source
    and partition = $partition
    and next_offset = $first_offset
