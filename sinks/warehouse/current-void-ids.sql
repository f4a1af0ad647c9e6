-- Hash and sequence of every current void. One row per record whose current image is a void.
with

retracted as (
    select
        contract,
        record_id,
        revision
    from main.voids
    where weight = -1
)

select
    images.id_hash,
    images.sequence
from main.voids as images
anti join retracted
    on images.contract = retracted.contract
    and images.record_id = retracted.record_id
    and images.revision = retracted.revision
where images.weight = 1
