-- Crossings of the recent days between two sequences, as changes: images count one, retracted images minus one. In one
-- scan by hour and checkpoint, by nationality, by visa class, and by minute and checkpoint.
-- One row per combination of one of these four; the columns of the others are null.
with

facts as (
    select
        (business_date - date '1970-01-01')::integer as day,
        business_hour::integer as hour,
        checkpoint::integer as checkpoint,
        enum_code(travel_mode)::integer as mode,
        case when decision = 'refused' then 2 when direction = 'arrival' then 0 else 1 end as kind,
        (
            decision = 'admitted' and direction = 'arrival' and returnee_reason is not null
            and nationality = $nationals
        ) as is_returnee,
        nationality::integer as nationality,
        visa_class::integer as visa_class,
        if(epoch_ms(occurred_at) >= $since_ms, epoch_ms(occurred_at) // 60000, null)::integer as minute,
        weight
    from main.crossings
    where sequence > $after::uinteger
        and sequence <= $through::uinteger
        and business_date >= $first_date::date
)

select
    grouping_id(hour, nationality, visa_class, minute)::integer as part,
    day,
    hour,
    checkpoint,
    mode,
    kind,
    is_returnee,
    coalesce(nationality, visa_class)::integer as code,
    minute,
    sum(weight)::integer as persons
from facts
group by grouping sets (
    (day, hour, checkpoint, mode, kind, is_returnee),
    (day, kind, nationality),
    (day, kind, visa_class),
    (minute, checkpoint, mode, kind, is_returnee)
)
having sum(weight) <> 0
