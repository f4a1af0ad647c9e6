-- Through what the derived tables are computed. At most one row; none before they are computed for the first time.
create table if not exists derivation (
    as_of date not null,
    first_fact date,
    derived_through bigint not null,
    travellers bigint not null,
    lists_digest varchar not null,
    walks_digest varchar not null,
    derived_at timestamptz not null
)
