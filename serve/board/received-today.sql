-- Messages received on a date, and those of them that went into quarantine. One row.
select
    coalesce(sum(messages), 0)::bigint as messages,
    coalesce(sum(messages) filter (kind = 'quarantined'), 0)::bigint as quarantined
from main.accounting
where received_on = $date::date
    and kind in ('loaded', 'duplicate', 'superseded', 'quarantined')
