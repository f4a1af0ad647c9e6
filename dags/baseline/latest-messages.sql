-- The latest message of every feed. One row per source and checkpoint; what names no checkpoint has number 0.
select
    'gdi.crossing.v1' as source,
    checkpoint,
    max(occurred_at) as last_occurred_at,
    max(received_at) as last_received_at
from main.crossings
where weight = 1
group by checkpoint
union all
select
    'gdi.tally.v1' as source,
    checkpoint,
    max(recorded_at) as last_occurred_at,
    max(received_at) as last_received_at
from main.tallies
where weight = 1
group by checkpoint
union all
select
    'gdi.extension.v1' as source,
    0 as checkpoint,
    max(granted_at) as last_occurred_at,
    max(received_at) as last_received_at
from main.extensions
where weight = 1
having count(*) > 0
union all
select
    'fpcs.registration.v1' as source,
    0 as checkpoint,
    max(registered_at) as last_occurred_at,
    max(received_at) as last_received_at
from main.registrations
where weight = 1
having count(*) > 0
