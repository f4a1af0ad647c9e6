-- Foreigners in the country at the end of each date from the first fact to the as-of date (docs/method.md §4).
-- One row per date, nationality, sex, age band (at entry), visa class and province.
with

states as (
    from published.state_codes
),

visa_classes as (
    from published.visa_class_codes
),

provinces as (
    from published.province_codes
),

calendar as (
    select unnest(generate_series(first_fact, as_of, interval 1 day))::date as business_date
    from main.derivation
),

spells as (
    select
        from_date,
        coalesce(until_date, 'infinity'::date) as until_date,
        nationality,
        sex,
        age_band,
        visa_class,
        province
    from main.stock_spells
),

summed as (
    select
        calendar.business_date,
        spells.nationality,
        spells.sex,
        spells.age_band,
        spells.visa_class,
        spells.province,
        count(*) as persons
    from calendar
    inner join spells
        on calendar.business_date >= spells.from_date
        and calendar.business_date < spells.until_date
    group by all
)

select
    summed.business_date,
    states.code as nationality,
    summed.sex::varchar as sex,
    summed.age_band::varchar as age_band,
    visa_classes.code as visa_class,
    provinces.code as province,
    summed.persons::bigint as persons
from summed
inner join states on summed.nationality = states.number
inner join visa_classes on summed.visa_class = visa_classes.number
inner join provinces on summed.province = provinces.number
