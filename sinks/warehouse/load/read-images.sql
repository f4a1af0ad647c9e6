-- The stored images with the wanted sequences of a range, records and voids, as JSON arrays of some hundreds of images.
with

wanted as (
    from temp.wanted_sequences
),

records as (
    select
        facts.sequence,
        facts.record_id,
        facts.revision,
        replace(facts.fingerprint::varchar, '-', '') as fingerprint,
        false as is_void
    from main.fact_table as facts
    inner join wanted on facts.sequence = wanted.sequence
    where facts.weight = 1
        and facts.sequence between range_from and range_to
),

voids as (
    select
        voids.sequence,
        voids.record_id,
        voids.revision,
        '' as fingerprint,
        true as is_void
    from main.voids as voids
    inner join wanted on voids.sequence = wanted.sequence
    where voids.weight = 1
        and voids.sequence between range_from and range_to
        and voids.contract = contract_ordinal
),

images as (
    from records
    union all
    from voids
),

numbered as (
    select
        json_array(sequence, record_id, revision, fingerprint, is_void) as image,
        row_number() over () // 512 as block
    from images
)

select '[' || string_agg(image, ',') || ']' as images
from numbered
group by block
