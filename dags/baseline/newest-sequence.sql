-- The sequence of the latest crossing, from the end of the table: its places are in the order of loading, and asking
-- all of them would read a whole column. One row.
select max(sequence)::bigint::double as sequence
from main.crossings
where rowid >= (select greatest(count(*) - 2048, 0) from main.crossings)
