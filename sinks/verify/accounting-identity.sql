-- Every offset is accounted for: outcomes and gaps of a partition add up to the distance it has moved.
-- One row per partition where they do not.
with

counted as (
    select
        source,
        partition,
        sum(messages) as messages
    from main.accounting
    where kind <> 'schema_drift'
    group by all
)

select
    positions.source,
    positions.partition,
    positions.next_offset - positions.start_offset as moved,
    coalesce(counted.messages, 0)::bigint as accounted
from main.positions as positions
left join counted
    on positions.source = counted.source
    and positions.partition = counted.partition
where positions.next_offset - positions.start_offset <> coalesce(counted.messages, 0)
