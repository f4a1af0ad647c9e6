-- Every quarantined message is in the quarantine, and nothing else is. One row per partition and reason that differs.
with

both_sides as (
    select source, partition, reason, messages as accounted, 0 as entries
    from main.accounting
    where kind = 'quarantined'
    union all
    select source, partition, reason, 0 as accounted, 1 as entries
    from main.quarantine
    where state <> 'replayed'
)

select
    source,
    partition,
    reason,
    sum(accounted)::bigint as accounted,
    sum(entries)::bigint as entries
from both_sides
group by all
having sum(accounted) <> sum(entries)
