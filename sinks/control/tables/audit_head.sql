-- How far the audit log had been written: one row. Entries that are missing at its end are known by it.
create table if not exists audit_head (
    entries bigint not null,
    last_sha256 varchar not null
)
