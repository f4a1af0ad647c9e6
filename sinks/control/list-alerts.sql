-- Alerts that are open, and those resolved since an instant (null: none). Open ones first, then the newest.
select
    alert_id::varchar as id,
    kind,
    subject,
    state,
    epoch_ms(since) as since_ms,
    epoch_ms(holds_since) as holds_since_ms,
    epoch_ms(unknown_since) as unknown_since_ms,
    epoch_ms(clear_since) as clear_since_ms,
    epoch_ms(fired_at) as fired_at_ms,
    epoch_ms(no_data_at) as no_data_at_ms,
    epoch_ms(resolved_at) as resolved_at_ms,
    value,
    threshold,
    acknowledged_by,
    epoch_ms(acknowledged_at) as acknowledged_at_ms,
    note
from main.alerts
where state <> 'resolved' or epoch_ms(resolved_at) >= $resolved_since_ms::bigint
order by state = 'resolved', coalesce(resolved_at, since) desc, alert_id
limit $limit::bigint
