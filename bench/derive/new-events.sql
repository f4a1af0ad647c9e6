-- New events: half of travellers who were seen in the last six weeks of history or cross all the time, a quarter of any
-- travellers, a quarter of new ones; each is made after some crossing of history. One row per new event.
create or replace temp table bench_events as
with

recent as (
    select
        traveller,
        row_number() over () - 1 as place,
        count(*) over () as travellers
    from bench_travellers
    where start_day + (trips - 1) * gap_days >= $span_days::integer - 45
        and start_day < $span_days::integer
),

numbered as (
    select
        number,
        $first_sequence::bigint + number as new_sequence,
        hash(number, $batch::integer) as luck
    from range($events::bigint) as numbers (number)
),

known as (
    select
        numbered.*,
        case
            when number % 4 < 2 then recent.traveller
            when number % 4 = 2 then luck % (select count(*) from bench_travellers)
        end as traveller
    from numbered
    left join recent on recent.place = luck % (select max(travellers) from recent)
)

select
    number,
    new_sequence,
    1 + luck % $crossings::bigint as template_sequence,
    md5(coalesce(traveller::varchar, 'n' || new_sequence))::uuid as traveller_key
from known
