-- The positions where the next batches begin.
insert into main.positions
select
    unnest(
        from_json(
            $positions,
            '[{"source": "varchar", "partition": "varchar", "start_offset": "bigint", "next_offset": "bigint",
                "ended": "boolean", "last_offset": "bigint", "last_timestamp_ms": "bigint", "last_digest": "varchar"}]'
        ),
        recursive := true
    )
