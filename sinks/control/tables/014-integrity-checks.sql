-- What every check of the last verifications found. One row per verification and check.
create table if not exists integrity_checks (
    verification bigint not null,
    checked_at timestamptz not null,
    check_name varchar not null,
    differences bigint not null
)
