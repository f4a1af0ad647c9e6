-- Voids that a later revision replaces, staged once more with weight -1. One row per retracted void.
insert into temp.staged_voids
select voids.* replace (retractions.new_sequence as sequence, -1::tinyint as weight)
from main.voids as voids
inner join temp.staged_retractions as retractions
    on voids.sequence = retractions.old_sequence
where voids.weight = 1
    and retractions.is_void = 1
