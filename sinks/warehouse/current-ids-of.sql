-- Hash and sequence of the current images of one fact table under the wanted hashes. One row per record.
with

images as (
    select facts.*
    from main.fact_table as facts
    semi join temp.wanted_hashes as wanted
        on facts.id_hash = wanted.id_hash
    where facts.weight = 1
),

retracted as (
    select facts.*
    from main.fact_table as facts
    semi join temp.wanted_hashes as wanted
        on facts.id_hash = wanted.id_hash
    where facts.weight = -1
)

select
    images.id_hash,
    images.sequence
from images
anti join retracted
    on images.id_hash = retracted.id_hash
    and images.record_id = retracted.record_id
    and images.revision = retracted.revision
