-- The stored images with the wanted sequences of a range, records and voids. One row per image.
with

wanted as (
    from temp.wanted_sequences
),

records as (
    select
        facts.sequence,
        facts.record_id,
        facts.revision,
        facts.fingerprint::varchar as fingerprint,
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
)

from records
union all
from voids
