-- Hours and days far above what is normal (docs/normal.md), by what the last refresh stored. Parameters: $from, $to
-- (dates), $ratio and $persons: what is not that much above the usual is no surge.
-- One row per date, hour (null: the whole day), checkpoint and direction.
with

hourly as (
    select
        business_date,
        business_hour,
        checkpoint,
        case when direction = 'arrival' then 'arrivals' else 'departures' end as measure,
        sum(persons) as persons
    from main.hourly_flow_deltas
    where business_date between $from::date and $to::date and decision = 'admitted'
    group by all
),

seen as (
    from hourly
    union all
    select business_date, 24::utinyint as business_hour, checkpoint, measure, sum(persons) as persons
    from hourly
    group by all
),

judged as (
    select
        seen.business_date,
        seen.business_hour,
        seen.checkpoint,
        seen.measure,
        seen.persons,
        expected.median,
        greatest(
            expected.high, coalesce(expected.median, 0) * $ratio::double, coalesce(expected.median, 0) + $persons::double
        ) as high
    from seen
    inner join main.baseline as expected using (business_date, business_hour, checkpoint, measure)
    where expected.source = 'gdi.crossing.v1' and expected.median is not null and expected.high is not null
)

select
    codes.code as checkpoint,
    judged.business_date::varchar as business_date,
    nullif(judged.business_hour::integer, 24) as hour,
    case when judged.measure = 'arrivals' then 'arrival' else 'exit' end as direction,
    judged.persons::integer as seen,
    judged.median as expected,
    judged.high
from judged
inner join published.checkpoint_codes as codes on judged.checkpoint = codes.number
where judged.persons > judged.high
order by judged.business_date, judged.business_hour, judged.persons - judged.high desc, codes.code, judged.measure
