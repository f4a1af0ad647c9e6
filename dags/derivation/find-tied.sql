-- Touched travellers with facts that only their ids tell apart: of one instant, or of one hash. One row per traveller.
create or replace temp table tied_travellers as
select traveller_key
from temp.touched_fact_table
where weight = 1
group by
    traveller_key,
    fact_time
having count(distinct id_hash) > 1
union
select traveller_key
from temp.touched_fact_table
where weight = 1
group by
    traveller_key,
    id_hash,
    revision
having count(*) > 1
