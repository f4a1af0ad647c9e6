-- Persons tallied at local gates on the recent days between two sequences, as changes.
-- One row per date, checkpoint, mode and kind (0 arrivals, 1 exits).
select
    (business_date - date '1970-01-01')::integer as day,
    checkpoint::integer as checkpoint,
    enum_code(travel_mode)::integer as mode,
    if(direction = 'arrival', 0, 1)::integer as kind,
    nationality::integer as nationality,
    sum(persons * weight)::integer as persons
from main.tallies
where sequence > $after::uinteger
    and sequence <= $through::uinteger
    and business_date >= $first_date::date
group by all
having sum(persons * weight) <> 0
