-- Registrations of the chosen travellers, as the walks read them.
-- One row per record, by traveller, time of registration and registration_id.
select
    traveller_key,
    epoch_ms(registered_at) as registered_ms,
    check_in,
    province,
    accommodation_type
from temp.chosen_registrations
order by
    traveller_key,
    registered_ms,
    record_id
