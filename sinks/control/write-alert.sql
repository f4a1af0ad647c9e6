-- One alert as it is now; the row before it is deleted in the same transaction.
insert into main.alerts values (
    $id::uuid,
    $kind,
    $subject,
    $state,
    make_timestamptz($since_ms::bigint * 1000),
    make_timestamptz($holds_since_ms::bigint * 1000),
    make_timestamptz($unknown_since_ms::bigint * 1000),
    make_timestamptz($clear_since_ms::bigint * 1000),
    make_timestamptz($fired_at_ms::bigint * 1000),
    make_timestamptz($no_data_at_ms::bigint * 1000),
    make_timestamptz($resolved_at_ms::bigint * 1000),
    $value::double,
    $threshold::double,
    $acknowledged_by,
    make_timestamptz($acknowledged_at_ms::bigint * 1000),
    $note
)
