-- Stays that lasted past 24 hours, by whether and when they were registered (docs/method.md §6).
-- One row per month of the beginning, province, accommodation type, visa class, nationality and outcome.
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

summed as (
    select
        strftime(began_on, '%Y-%m') as month,
        coalesce(registered_province, destination_province) as province,
        coalesce(accommodation_type::varchar, 'unknown') as accommodation_type,
        visa_class,
        nationality,
        coverage,
        count(*) as stays
    from main.stays
    where coverage is not null
    group by all
)

select
    summed.month,
    provinces.code as province,
    summed.accommodation_type,
    visa_classes.code as visa_class,
    states.code as nationality,
    summed.coverage::varchar as outcome,
    summed.stays::bigint as stays
from summed
inner join states on summed.nationality = states.number
inner join visa_classes on summed.visa_class = visa_classes.number
inner join provinces on summed.province = provinces.number
