-- Retractions of crossings of any age; two in three come with the image that replaces it, the others are voids.
-- One row per image or retraction.
insert into main.crossings
select facts.* replace (
    if(weights.weight = -1, revision, revision + 1) as revision,
    if(weights.weight = -1, checkpoint, 1 + checkpoint % 20) as checkpoint,
    new_sequence as sequence,
    weights.weight::tinyint as weight
)
from bench_events
inner join main.crossings as facts on bench_events.template_sequence = facts.sequence
inner join (values (-1), (1)) as weights (weight) on weights.weight = -1 or number % 3 <> 0
where number % 100 >= 97
    and facts.weight = 1
