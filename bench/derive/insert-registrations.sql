-- A registration on the day of every third arrival of a foreigner. One row per registration.
insert into main.registrations
select
    'FPCS-' || lpad(sequence::varchar, 12, '0') as record_id,
    id_hash + 1 as id_hash,
    1 as revision,
    md5('r' || sequence)::uuid as fingerprint,
    received_at + interval 3 hour as received_at,
    business_date,
    occurred_at + interval (id_hash % 40) hour as registered_at,
    'app'::registration_channel as channel,
    'owner'::registration_reporter as reporter,
    'A' || id_hash % 5000 as accommodation_id,
    'hotel'::accommodation_type as accommodation_type,
    1 + id_hash % 25 as province,
    null as district,
    null as commune,
    document_type,
    issuing_state,
    traveller_key,
    nationality,
    sex,
    age,
    age_band,
    residence,
    business_date as check_in,
    null as check_out,
    $first_sequence::bigint + sequence as sequence,
    1 as weight
from main.crossings
where direction = 'arrival'
    and nationality <> getvariable('bench_national')
    and id_hash % 3 = 0
