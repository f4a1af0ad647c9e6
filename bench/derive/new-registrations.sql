-- Registrations on the day after history. One row per registration.
insert into main.registrations
select
    'NEWR-' || new_sequence as record_id,
    hash(new_sequence, 2) as id_hash,
    1 as revision,
    md5('r' || new_sequence)::uuid as fingerprint,
    facts.received_at,
    $day::date as business_date,
    $day::date::timestamptz + interval (number % 61200) second as registered_at,
    'app'::registration_channel as channel,
    'owner'::registration_reporter as reporter,
    'A1' as accommodation_id,
    'hotel'::accommodation_type as accommodation_type,
    1 + number % 25 as province,
    null as district,
    null as commune,
    facts.document_type,
    facts.issuing_state,
    bench_events.traveller_key,
    facts.nationality,
    facts.sex,
    facts.age,
    facts.age_band,
    facts.residence,
    $day::date as check_in,
    null as check_out,
    new_sequence as sequence,
    1 as weight
from bench_events
inner join main.crossings as facts on bench_events.template_sequence = facts.sequence
where number % 100 between 85 and 96
    and facts.weight = 1
