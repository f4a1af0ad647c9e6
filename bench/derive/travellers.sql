-- Invented travellers: one trip each for most, four for some, sixty for those who live at a border. One row per traveller.
create or replace temp table bench_travellers as
select
    traveller,
    hash(traveller) as luck,
    case when hash(traveller) % 100 < 2 then 60 when hash(traveller) % 100 < 30 then 4 else 1 end as trips,
    case when hash(traveller) % 100 < 2 then 17 when hash(traveller) % 100 < 30 then 120 else 1 end as gap_days,
    (hash(traveller) >> 8) % 10 < 3 as is_national,
    ((hash(traveller) >> 16) % $span_days::integer)::integer as start_day
from range($travellers::bigint) as travellers (traveller)
