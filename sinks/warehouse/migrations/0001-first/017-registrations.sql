-- fpcs.registration.v1: foreigners registered at an address.
-- One row per image of a record (weight 1) and one per image that a later revision replaced (weight -1).
-- No key and no index: rows are only appended, and what is current is what has not been retracted.
create table if not exists registrations (
    record_id varchar not null,
    id_hash ubigint not null,
    revision integer not null,
    fingerprint uuid not null,
    received_at timestamptz not null,
    business_date date not null,
    registered_at timestamptz not null,
    channel registration_channel not null,
    reporter registration_reporter not null,
    accommodation_id varchar not null,
    accommodation_type accommodation_type not null,
    province smallint not null,
    district varchar,
    commune varchar,
    document_type document_type not null,
    issuing_state smallint not null,
    traveller_key uuid not null,
    nationality smallint not null,
    sex sex not null,
    age smallint,
    age_band age_band not null,
    residence smallint not null,
    check_in date not null,
    check_out date,
    sequence uinteger not null,
    weight tinyint not null
)
