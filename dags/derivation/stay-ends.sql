-- Travellers whose admitted crossings are not each one end of one stay or one repeated stamp, and closed stays without
-- exactly one beginning before their ending (docs/method.md §10). One row per traveller at fault.
with

ends as (
    select
        traveller_key,
        1 as crossings,
        0 as ends,
        false as is_faulty
    from published.current_crossings
    where decision = 'admitted'
    union all
    select
        traveller_key,
        0 as crossings,
        (began_at is not null)::integer + (state in ('closed', 'no_begin'))::integer as ends,
        state = 'closed' and (began_at is null or ended_at is null or ended_at < began_at) as is_faulty
    from main.stays
    union all
    select
        traveller_key,
        0 as crossings,
        1 as ends,
        false as is_faulty
    from main.repeated_stamps
)

select traveller_key
from ends
group by traveller_key
having sum(crossings) <> sum(ends)
    or bool_or(is_faulty)
