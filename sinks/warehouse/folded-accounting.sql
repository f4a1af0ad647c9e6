-- The accounting as sums. One row per date of receipt, partition, contract, kind and reason; what came to nothing is gone.
select
    received_on,
    source,
    partition,
    contract,
    kind,
    reason,
    sum(messages)::bigint as messages
from main.accounting
group by all
having sum(messages) <> 0
