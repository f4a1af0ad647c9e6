-- Crossings that repeat the stamp before (docs/method.md §3). One row per crossing.
create table if not exists repeated_stamps (
    traveller_key uuid not null,
    business_date date not null
)
