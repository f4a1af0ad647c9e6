-- The facts of the touched travellers, images and retractions, by one scan that compares keys. Ids are left out, for
-- reading them costs as much as all the rest; the key stands for the id. One row per image or retraction.
create or replace temp table touched_fact_table as
select
    fact_columns,
    traveller_key::varchar as record_id
from main.fact_table
where traveller_key in (from temp.touched_travellers)
