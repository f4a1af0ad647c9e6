-- Travellers whose derived rows may differ from those kept because days have passed: facts that the as-of date has come
-- to, and whoever a day makes due without a fact. One row per traveller.
insert into temp.touched_travellers
select distinct traveller_key
from (
    select traveller_key
    from main.crossings
    where business_date > $old_as_of
        and business_date <= $new_as_of
        and decision = 'admitted'::decision
    union all
    select traveller_key
    from main.extensions
    where business_date > $old_as_of
        and business_date <= $new_as_of
    union all
    select traveller_key
    from main.registrations
    where business_date > $old_as_of
        and business_date <= $new_as_of
    union all
    select traveller_key
    from main.stays
    where due_on <= $new_as_of
)
where traveller_key not in (from temp.touched_travellers)
