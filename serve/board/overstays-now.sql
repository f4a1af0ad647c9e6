-- Foreigners in the country past their authorised stay, by days past it (docs/method.md §5).
-- One row per length band that somebody is in.
with

overstayed as (
    select derivation.as_of - stays.permitted_until as days
    from main.stays
    cross join main.derivation
    where stays.side = 'inside'
        and stays.state = 'open'
        and stays.permitted_until < derivation.as_of
)

select
    case
        when days <= 7 then '1-7'
        when days <= 30 then '8-30'
        when days <= 90 then '31-90'
        when days <= 180 then '91-180'
        when days <= 365 then '181-365'
        else '366+'
    end as length_band,
    count(*) as people
from overstayed
group by all
