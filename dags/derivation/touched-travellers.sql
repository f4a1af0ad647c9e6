-- Travellers whose derived rows may differ from those kept: facts loaded or retracted since (a retraction carries the
-- sequence of what replaced it, and the traveller of what was replaced), facts that the as-of date has come to, and
-- whoever a day makes due without a fact. One row per traveller.
insert into temp.touched_travellers
select distinct traveller_key
from (
    select traveller_key
    from main.crossings
    where sequence > $derived_through
        and decision = 'admitted'
    union all
    select traveller_key
    from main.extensions
    where sequence > $derived_through
    union all
    select traveller_key
    from main.registrations
    where sequence > $derived_through
    union all
    select traveller_key
    from main.crossings
    where business_date > $old_as_of::date
        and business_date <= $new_as_of::date
        and decision = 'admitted'
    union all
    select traveller_key
    from main.extensions
    where business_date > $old_as_of::date
        and business_date <= $new_as_of::date
    union all
    select traveller_key
    from main.registrations
    where business_date > $old_as_of::date
        and business_date <= $new_as_of::date
    union all
    select traveller_key
    from main.stays
    where due_on <= $new_as_of::date
)
