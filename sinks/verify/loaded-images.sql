-- No image without a message: stored images never outnumber the messages that were loaded. (Fewer are stored where a
-- later revision came in the same transaction.) One row per contract that differs.
with

both_sides as (
    select 'gdi.crossing.v1' as contract, 1 as images, 0 as loaded from main.crossings where weight = 1
    union all
    select 'gdi.tally.v1' as contract, 1 as images, 0 as loaded from main.tallies where weight = 1
    union all
    select 'gdi.extension.v1' as contract, 1 as images, 0 as loaded from main.extensions where weight = 1
    union all
    select 'fpcs.registration.v1' as contract, 1 as images, 0 as loaded from main.registrations where weight = 1
    union all
    select contract, 0 as images, messages as loaded from main.accounting where kind = 'loaded'
)

select
    contract,
    sum(images)::bigint as images,
    sum(loaded)::bigint as loaded
from both_sides
group by all
having sum(images) > sum(loaded)
