-- Both crossings of every trip that lie in the span, in the order of time: one in twenty endings is missing.
-- One row per crossing.
create or replace temp table bench_crossings as
with

trips as (
    select
        traveller,
        luck,
        is_national,
        hash(traveller * 64 + trip) as trip_luck,
        start_day + trip * gap_days as first_day,
        trips
    from bench_travellers
    cross join range(60) as numbers (trip)
    where trip < trips
),

stamps as (
    select
        traveller,
        luck,
        is_national as is_exit,
        first_day * 86400 + (trip_luck % 61200)::integer as at_second
    from trips
    union all
    select
        traveller,
        luck,
        not is_national as is_exit,
        first_day * 86400 + 64800 + ((trip_luck >> 20) % 18000)::integer + 86400 * case
            when trips = 60 then (trip_luck >> 8) % 2
            when (trip_luck >> 8) % 50 = 0 then 100 + (trip_luck >> 16) % 500
            else (trip_luck >> 8) % 15
        end::integer as at_second
    from trips
    where (trip_luck >> 40) % 20 <> 0
)

select *
from stamps
where at_second < $span_days::integer * 86400
order by at_second
limit $crossings::bigint
