-- What is true of the whole warehouse: its id, the ids of its keys, the version of its tables, the digest of the lists.
create table if not exists properties (
    name varchar not null,
    value varchar not null
)
