-- Files by number, as they were at first sight: a file is known by name, size and the digest of its first 64 KiB.
create table if not exists files (
    number integer not null,
    name varchar not null,
    size_bytes bigint not null,
    head_sha256 varchar not null,
    received_at timestamptz not null,
    state varchar not null,
    reason varchar
)
