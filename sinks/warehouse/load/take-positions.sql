-- Compare-and-set: a position moves only from where its batches begin. Exactly one row each, or the batches are stale.
-- Taken out and put back instead of updated: after an update no checkpoint is possible while an older reader reads.
delete from main.positions
using (
    select
        unnest(
            from_json($moves, '[{"source": "varchar", "partition": "varchar", "first_offset": "bigint"}]'),
            recursive := true
        )
) as moves
where positions.source = moves.source
    and positions.partition = moves.partition
    and positions.next_offset = moves.first_offset
returning to_json(positions) as position
