-- The staged images and retractions become facts. One row per image or retraction.
insert into main.fact_table
from temp.staged_facts
where weight <> 0
