-- What is to be told of alerts, and what was. One row per alert, event and channel, written together with the change of
-- the alert. State: waiting, delivered or given_up. The message is what is sent, as JSON.
create table if not exists alert_deliveries (
    delivery_id uuid not null,
    alert_id uuid not null,
    event varchar not null,
    channel varchar not null,
    message varchar not null,
    state varchar not null,
    attempts integer not null,
    created_at timestamptz not null,
    next_attempt_at timestamptz not null,
    ended_at timestamptz,
    error varchar
)
