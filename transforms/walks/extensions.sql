-- Extensions of the chosen travellers, as the walks read them.
-- One row per record, by traveller and in the order of granting.
select
    traveller_key,
    business_date,
    visa_class,
    permitted_until
from temp.chosen_extensions
order by
    traveller_key,
    granted_at,
    permitted_until,
    record_id
