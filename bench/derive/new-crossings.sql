-- Crossings of the day after history. One row per crossing.
insert into main.crossings
select facts.* replace (
    'NEW-' || new_sequence as record_id,
    hash(new_sequence, 1) as id_hash,
    md5('n' || new_sequence)::uuid as fingerprint,
    $day::date as business_date,
    $day::date::timestamptz + interval (number % 61200) second as occurred_at,
    bench_events.traveller_key as traveller_key,
    if(number % 2 = 0, 'exit', 'arrival')::direction as direction,
    new_sequence as sequence
)
from bench_events
inner join main.crossings as facts on bench_events.template_sequence = facts.sequence
where number % 100 < 85
    and facts.weight = 1
