-- Gaps that wait to be accepted. One row.
select count(*) as gaps
from main.gaps
where accepted_at is null
