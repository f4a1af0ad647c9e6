-- Alerts, open and resolved. One row per alert; at most one that is not resolved per kind and subject. The times since
-- which its condition holds, cannot be known or is clear decide what becomes of it.
create table if not exists alerts (
    alert_id uuid not null,
    kind varchar not null,
    subject varchar not null,
    state varchar not null,
    since timestamptz not null,
    holds_since timestamptz,
    unknown_since timestamptz,
    clear_since timestamptz,
    fired_at timestamptz,
    no_data_at timestamptz,
    resolved_at timestamptz,
    value double,
    threshold double,
    acknowledged_by varchar,
    acknowledged_at timestamptz,
    note varchar
)
