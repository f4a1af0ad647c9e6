-- The current images of tallies: what was loaded, not retracted by a later revision, and is within the as-of date.
-- One row per record.
with

retracted as (
    select
        id_hash,
        record_id,
        revision
    from main.tallies
    where weight = -1
)

select images.*
from main.tallies as images
anti join retracted
    on images.id_hash = retracted.id_hash
    and images.record_id = retracted.record_id
    and images.revision = retracted.revision
where images.weight = 1
    and images.business_date <= coalesce(getvariable('as_of')::date, date '9999-12-31')
