-- The earliest business date among admitted crossings loaded or retracted since, or that the as-of date has come to.
-- One row.
select (min(business_date) - date '1970-01-01')::integer as earliest
from (
    select business_date
    from main.crossings
    where decision = 'admitted'::decision
        and business_date <= $new_as_of
        and sequence > $derived_through::uinteger
    union all
    select business_date
    from main.crossings
    where decision = 'admitted'::decision
        and business_date <= $new_as_of
        and business_date > $old_as_of
)
