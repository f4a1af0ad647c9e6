-- The next offset to load of every partition, changed only together with the rows it stands for.
create table if not exists positions (
    source varchar not null,
    partition varchar not null,
    start_offset bigint not null,
    next_offset bigint not null,
    ended boolean not null,
    last_offset bigint,
    last_timestamp_ms bigint,
    last_digest varchar
)
