-- Images that are voids: the record counts nowhere, and lower revisions that come later are superseded.
-- One row per void (weight 1) and one per void that a later revision replaced (weight -1).
create table if not exists voids (
    contract utinyint not null,
    record_id varchar not null,
    id_hash ubigint not null,
    revision integer not null,
    received_at timestamptz not null,
    sequence uinteger not null,
    weight tinyint not null
)
