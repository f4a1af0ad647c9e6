-- Compare-and-set: the position moves only from where this batch begins. Exactly one row, or the batch is stale.
-- Taken out and put back instead of updated: after an update no checkpoint is possible while an older reader reads.
delete from main.positions
where source = $source
    and partition = $partition
    and next_offset = $first_offset
returning start_offset, ended, last_offset, last_timestamp_ms, last_digest
