-- When code lists became others than before, as a start noticed it. One row per changed list; the digests over all lists
-- and over the one, in hex. A list whose digest before is not known was new, or not told apart then.
create table if not exists list_changes (
    changed_at timestamptz not null,
    all_before varchar not null,
    all_after varchar not null,
    list varchar not null,
    list_before varchar,
    list_after varchar
)
