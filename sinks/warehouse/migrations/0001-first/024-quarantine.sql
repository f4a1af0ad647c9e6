-- Messages that could not be loaded. One row per message; the payload is sealed with a key outside the warehouse.
create table if not exists quarantine (
    quarantine_id uuid not null,
    source varchar not null,
    partition varchar not null,
    message_offset bigint not null,
    contract varchar not null,
    reason varchar not null,
    paths varchar not null,
    received_at timestamptz not null,
    quarantined_at timestamptz not null,
    payload_bytes integer not null,
    sealed_payload blob,
    state varchar not null,
    state_changed_at timestamptz
)
