-- Quarantined messages without their payloads, oldest first. One row per message.
select
    quarantine_id::varchar as id,
    source,
    partition,
    message_offset,
    contract,
    reason,
    paths,
    epoch_ms(received_at) as received_ms,
    epoch_ms(quarantined_at) as quarantined_ms,
    payload_bytes,
    state
from main.quarantine
where ($id is null or quarantine_id::varchar = $id)
    and ($reason is null or reason = $reason)
    and ($state is null or state = $state)
order by quarantined_at, source, partition, message_offset
limit $limit
