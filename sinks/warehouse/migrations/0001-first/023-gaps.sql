-- Offsets that can no longer be read. One row per gap; the partition stands still until it is accepted.
create table if not exists gaps (
    gap_id uuid not null,
    source varchar not null,
    partition varchar not null,
    from_offset bigint not null,
    to_offset bigint not null,
    detected_at timestamptz not null,
    accepted_at timestamptz,
    accepted_by varchar
)
