-- Hash and sequence of every current image of one fact table: what was loaded and not retracted. One row per record.
with

retracted as (
    select
        id_hash,
        record_id,
        revision
    from main.fact_table
    where weight = -1
)

select
    images.id_hash,
    images.sequence
from main.fact_table as images
anti join retracted
    on images.id_hash = retracted.id_hash
    and images.record_id = retracted.record_id
    and images.revision = retracted.revision
where images.weight = 1
