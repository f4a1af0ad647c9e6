-- Stays past the last authorised day as of one date (docs/method.md §5). The fine is what the dated daily rates give for
-- the days after permitted_until, up to and including the exit day or the as-of date.
-- One row per as-of date, kind, nationality, visa class and length band.
with

states as (
    from published.state_codes
),

visa_classes as (
    from published.visa_class_codes
),

rates as (
    select list({'valid_from': valid_from, 'valid_to': valid_to, 'usd': usd_per_day}) as periods
    from main.overstay_fine_rates
),

overstayed as (
    select
        derivation.as_of,
        case stays.state
            when 'open' then 'in_country'
            when 'closed' then 'out_of_country'
            else 'unconfirmed'
        end as kind,
        stays.nationality,
        stays.visa_class,
        stays.permitted_until,
        if(stays.state = 'open', derivation.as_of, stays.ended_on) as last_day
    from main.stays
    cross join main.derivation
    where stays.side = 'inside'
        and stays.state in ('open', 'closed', 'lapsed')
        and stays.permitted_until < if(stays.state = 'open', derivation.as_of, stays.ended_on)
),

measured as (
    select
        overstayed.*,
        last_day - permitted_until as days,
        if(kind = 'unconfirmed', 0, list_sum(list_transform(
            rates.periods,
            lambda rate: rate.usd * greatest(
                0, least(last_day, rate.valid_to) - greatest(permitted_until + 1, rate.valid_from) + 1
            )
        ))) as fine_usd
    from overstayed
    cross join rates
),

summed as (
    select
        as_of,
        kind,
        nationality,
        visa_class,
        case
            when days <= 7 then '1-7'
            when days <= 30 then '8-30'
            when days <= 90 then '31-90'
            when days <= 180 then '91-180'
            when days <= 365 then '181-365'
            else '366+'
        end as length_band,
        count(*) as stays,
        sum(days) as days,
        sum(fine_usd) as fine_usd
    from measured
    group by all
)

select
    summed.as_of,
    summed.kind,
    states.code as nationality,
    visa_classes.code as visa_class,
    summed.length_band,
    summed.stays::bigint as stays,
    summed.days::bigint as days,
    summed.fine_usd::bigint as fine_usd
from summed
inner join states on summed.nationality = states.number
inner join visa_classes on summed.visa_class = visa_classes.number
