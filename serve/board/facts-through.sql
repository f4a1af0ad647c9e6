-- How far facts go behind a sequence, and when the newest of them was received. One row.
select
    max(sequence) as through,
    epoch_ms(max(received_at)) as received_ms
from (
    select
        sequence,
        received_at
    from main.crossings
    where sequence > $after::uinteger
    union all
    select
        sequence,
        received_at
    from main.tallies
    where sequence > $after::uinteger
    union all
    select
        sequence,
        received_at
    from main.extensions
    where sequence > $after::uinteger
    union all
    select
        sequence,
        received_at
    from main.registrations
    where sequence > $after::uinteger
) as facts
