-- Copies of crossings under other ids, sequences and travellers: history made quickly. One row per copied crossing.
insert into main.crossings
select
    facts.* replace (
        facts.record_id || '.' || $copy as record_id,
        hash(facts.record_id, $copy) as id_hash,
        md5(facts.traveller_key::varchar || $copy)::uuid as traveller_key,
        facts.business_date - ($copy * 12)::integer as business_date,
        (facts.sequence + $shift)::uinteger as sequence
    )
from main.crossings as facts
where facts.sequence <= $last
    and facts.weight = 1
    and facts.revision = 1
