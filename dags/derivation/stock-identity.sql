-- Dates and nationalities on which the change of the stock is not what stays begun and ended give (docs/method.md §4).
-- One row per date and nationality at fault.
with

changes as (
    select
        from_date as business_date,
        nationality,
        1 as of_stock,
        0 as of_stays
    from main.stock_spells
    union all
    select
        until_date as business_date,
        nationality,
        -1 as of_stock,
        0 as of_stays
    from main.stock_spells
    where until_date is not null
    union all
    select
        began_on as business_date,
        nationality,
        0 as of_stock,
        1 as of_stays
    from main.stays
    where side = 'inside'
        and began_on is not null
    union all
    select
        ended_on as business_date,
        nationality,
        0 as of_stock,
        -1 as of_stays
    from main.stays
    where side = 'inside'
        and began_on is not null
        and ended_on is not null
)

select
    business_date,
    nationality
from changes
group by all
having sum(of_stock) <> sum(of_stays)
