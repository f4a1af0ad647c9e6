-- Every retraction takes back exactly one image. One row per image of a record that does not come to 0 or 1.
with

images as (
    select 'crossings' as fact_table, record_id, revision, weight from main.crossings
    union all
    select 'tallies' as fact_table, record_id, revision, weight from main.tallies
    union all
    select 'extensions' as fact_table, record_id, revision, weight from main.extensions
    union all
    select 'registrations' as fact_table, record_id, revision, weight from main.registrations
    union all
    select 'voids of contract ' || contract as fact_table, record_id, revision, weight from main.voids
)

select
    fact_table,
    record_id,
    revision,
    sum(weight)::bigint as weight
from images
group by all
having sum(weight) not in (0, 1) or count(*) > 2
