-- Which of the wanted messages still wait in quarantine. One row per open entry.
select quarantine_id::varchar as id
from main.quarantine
where state = 'open'
    and list_contains($ids, quarantine_id::varchar)
