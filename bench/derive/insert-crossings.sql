-- The crossings as the loader would have stored them. One row per crossing.
insert into main.crossings
select
    'GDI-' || lpad(number::varchar, 12, '0') as record_id,
    hash(number) as id_hash,
    1 as revision,
    md5('f' || number)::uuid as fingerprint,
    occurred_at + interval 5 minute as received_at,
    (occurred_at at time zone 'UTC' + interval 7 hour)::date as business_date,
    hour(occurred_at at time zone 'UTC' + interval 7 hour) as business_hour,
    occurred_at,
    occurred_at + interval 1 minute as recorded_at,
    1 + luck % 20 as checkpoint,
    if(is_exit, 'exit', 'arrival')::direction as direction,
    'admitted'::decision as decision,
    0 as refusal_reason,
    'land'::travel_mode as travel_mode,
    'passport'::document_type as document_type,
    nationality as issuing_state,
    md5(traveller::varchar)::uuid as traveller_key,
    nationality,
    if(luck % 2 = 0, 'F', 'M')::sex as sex,
    20 + (luck >> 24) % 50 as age,
    '30-34'::age_band as age_band,
    nationality as residence,
    'unknown'::accompaniment as accompaniment,
    1 + (luck >> 32) % 3 as visa_class,
    null as permitted_until,
    'holiday'::purpose as purpose,
    0 as other_country,
    1 + (luck >> 40) % 25 as destination_province,
    null as carrier,
    0 as returnee_from,
    null as returnee_reason,
    null as returnee_nea,
    $first_sequence::bigint + number as sequence,
    1 as weight
from (
    select
        row_number() over () as number,
        traveller,
        luck,
        is_exit,
        make_timestamptz(($first_day_ms::bigint + at_second::bigint * 1000) * 1000) as occurred_at,
        if(
            (luck >> 8) % 10 < 3,
            getvariable('bench_national'),
            getvariable('bench_states')[(1 + (luck >> 48) % 8)::bigint]
        ) as nationality
    from bench_crossings
)
