-- The staged voids and their retractions. One row per void or retraction.
insert into main.voids
from temp.staged_voids
