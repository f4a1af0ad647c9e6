-- gdi.tally.v1: counts of persons at local gates.
-- One row per image of a record (weight 1) and one per image that a later revision replaced (weight -1).
-- No key and no index: rows are only appended, and what is current is what has not been retracted.
create table if not exists tallies (
    record_id varchar not null,
    id_hash ubigint not null,
    revision integer not null,
    fingerprint uuid not null,
    received_at timestamptz not null,
    business_date date not null,
    recorded_at timestamptz not null,
    checkpoint smallint not null,
    direction direction not null,
    travel_mode travel_mode not null,
    nationality smallint not null,
    sex sex not null,
    persons integer not null,
    sequence uinteger not null,
    weight tinyint not null
)
