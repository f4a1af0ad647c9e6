-- A record has one current image at most, records and voids together. One row per record that has more.
with

images as (
    select 0 as contract, record_id from published.current_crossings
    union all
    select 1 as contract, record_id from published.current_tallies
    union all
    select 2 as contract, record_id from published.current_extensions
    union all
    select 3 as contract, record_id from published.current_registrations
    union all
    select contract, record_id from main.voids group by contract, record_id, revision having sum(weight) > 0
)

select
    contract,
    record_id,
    count(*) as images
from images
group by all
having count(*) > 1
