-- The images of a range of sequences that this group's revisions replace, added once more with weight -1 under the
-- sequence of what replaced them. One row per retracted image.
insert into main.fact_table
select facts.* replace (retractions.new_sequence as sequence, -1::tinyint as weight)
from main.fact_table as facts
inner join temp.staged_retractions as retractions
    on facts.sequence = retractions.old_sequence
where facts.weight = 1
    and facts.sequence between range_from and range_to
    and retractions.contract = contract_ordinal
    and retractions.is_void = 0
