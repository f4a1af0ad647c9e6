-- The facts of the tied travellers with their ids. One row per image or retraction.
insert into temp.touched_fact_table
select
    fact_columns,
    record_id
from main.fact_table
where traveller_key in (from temp.tied_travellers)
