-- Hash and sequence of every image and retraction of one fact table from a sequence on. One row per row.
select
    id_hash,
    sequence
from main.fact_table
where sequence >= $sequence::uinteger
