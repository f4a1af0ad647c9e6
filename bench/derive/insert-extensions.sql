-- An extension of three months three weeks after every fiftieth arrival of a foreigner. One row per extension.
insert into main.extensions
select
    'EXT-' || lpad(sequence::varchar, 12, '0') as record_id,
    id_hash + 2 as id_hash,
    1 as revision,
    md5('x' || sequence)::uuid as fingerprint,
    received_at + interval 21 day as received_at,
    business_date + 21 as business_date,
    occurred_at + interval 21 day as granted_at,
    document_type,
    issuing_state,
    traveller_key,
    visa_class,
    business_date + 120 as permitted_until,
    $first_sequence::bigint + sequence as sequence,
    1 as weight
from main.crossings
where direction = 'arrival'
    and nationality <> getvariable('bench_national')
    and id_hash % 50 = 0
