-- Registrations of the recent days between two sequences, as changes.
-- One row per date and, for the newest, minute of registration.
select
    (business_date - date '1970-01-01')::integer as day,
    if(epoch_ms(registered_at) >= $since_ms, epoch_ms(registered_at) // 60000, null)::integer as minute,
    sum(weight)::integer as registrations
from main.registrations
where sequence > $after::uinteger
    and sequence <= $through::uinteger
    and business_date >= $first_date::date
group by all
having sum(weight) <> 0
