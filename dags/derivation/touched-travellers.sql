-- Travellers whose derived rows may differ from those kept because of facts loaded or retracted since: a retraction
-- carries the sequence of what replaced it, and the traveller of what was replaced. One row per traveller.
insert into temp.touched_travellers
select distinct traveller_key
from (
    select traveller_key
    from main.crossings
    where sequence > $derived_through::uinteger
        and decision = 'admitted'::decision
    union all
    select traveller_key
    from main.extensions
    where sequence > $derived_through::uinteger
    union all
    select traveller_key
    from main.registrations
    where sequence > $derived_through::uinteger
)
