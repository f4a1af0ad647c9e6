-- What became of messages that are not simply loaded, and what the walk over stays met (docs/method.md §9).
-- One row per date (of receipt; of the event for what the walk met), source, kind and reason.
with

walk_findings as (
    select
        business_date,
        'repeated_stamp' as kind
    from main.repeated_stamps
    union all
    select
        walk_ended_on as business_date,
        state::varchar as kind
    from main.stays
    where state in ('no_begin', 'no_end')
    union all
    select
        ended_on as business_date,
        'lapsed' as kind
    from main.stays
    where state = 'lapsed'
)

select
    business_date,
    source,
    kind,
    reason,
    messages
from published.message_quality
union all
select
    business_date,
    'gdi.crossing.v1' as source,
    kind,
    'unknown' as reason,
    count(*)::bigint as messages
from walk_findings
group by all
