-- Registrations of foreigners at an address (docs/method.md §9). A check-in may lie after the as-of date.
-- One row per month of check-in, province, type of accommodation, channel, reporter and nationality.
with

states as (
    from published.state_codes
),

provinces as (
    from published.province_codes
),

summed as (
    select
        strftime(check_in, '%Y-%m') as month,
        province,
        accommodation_type,
        channel,
        reporter,
        nationality,
        count(*) as registrations
    from published.current_registrations
    group by all
)

select
    summed.month,
    provinces.code as province,
    summed.accommodation_type::varchar as accommodation_type,
    summed.channel::varchar as channel,
    summed.reporter::varchar as reporter,
    states.code as nationality,
    summed.registrations::bigint as registrations
from summed
inner join provinces on summed.province = provinces.number
inner join states on summed.nationality = states.number
