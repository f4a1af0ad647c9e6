-- Extensions of stay by the months they grant (docs/method.md §3 and §9).
-- One row per month of granting, visa class, nationality of the stay and months granted.
with

states as (
    from published.state_codes
),

visa_classes as (
    from published.visa_class_codes
),

summed as (
    select
        strftime(business_date, '%Y-%m') as month,
        visa_class,
        nationality,
        coalesce(months_granted::varchar, 'unknown') as months_granted,
        count(*) as extensions
    from main.extension_grants
    group by all
)

select
    summed.month,
    visa_classes.code as visa_class,
    states.code as nationality,
    summed.months_granted,
    summed.extensions::bigint as extensions
from summed
inner join states on summed.nationality = states.number
inner join visa_classes on summed.visa_class = visa_classes.number
