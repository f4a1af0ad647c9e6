-- Nothing is accounted for a partition that has no position. One row per such partition.
select
    source,
    partition,
    sum(messages)::bigint as messages
from main.accounting
anti join main.positions using (source, partition)
group by all
having sum(messages) <> 0
