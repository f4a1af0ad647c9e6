-- gdi.extension.v1: extensions of stay.
-- One row per image of a record (weight 1) and one per image that a later revision replaced (weight -1).
-- No key and no index: rows are only appended, and what is current is what has not been retracted.
create table if not exists extensions (
    record_id varchar not null,
    id_hash ubigint not null,
    revision integer not null,
    fingerprint uuid not null,
    received_at timestamptz not null,
    business_date date not null,
    granted_at timestamptz not null,
    document_type document_type not null,
    issuing_state smallint not null,
    traveller_key uuid not null,
    visa_class smallint not null,
    permitted_until date not null,
    sequence uinteger not null,
    weight tinyint not null
)
