-- Messages that wait in quarantine, by reason. One row per reason.
select
    reason,
    count(*) as messages,
    epoch_ms(max(quarantined_at)) as newest_ms
from main.quarantine
where state = 'open'
group by all
