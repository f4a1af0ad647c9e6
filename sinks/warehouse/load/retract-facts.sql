-- The images that this group's revisions replace, staged once more with weight -1 under the sequence of what replaced
-- them. One row per retracted image.
insert into temp.staged_facts
select facts.* replace (retractions.new_sequence as sequence, -1::tinyint as weight)
from main.fact_table as facts
inner join temp.staged_retractions as retractions
    on facts.sequence = retractions.old_sequence
where facts.weight = 1
    and retractions.contract = contract_ordinal
    and retractions.is_void = 0
