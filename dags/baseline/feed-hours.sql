-- Messages expected in the hours of yesterday and today, as the last refresh stored them. Parameters: $today, $hour.
-- One row per source and checkpoint: the means of all hours in order from `first_hour` (hours since 1970-01-01 at
-- UTC+7), and what is expected of this hour; null where this hour is not stored.
select
    baseline.source,
    codes.code,
    min((baseline.business_date - date '1970-01-01') * 24 + baseline.business_hour)::integer as first_hour,
    list(baseline.mean order by baseline.business_date, baseline.business_hour) as means,
    max(baseline.median) filter (is_now) as median,
    max(baseline.dispersion) filter (is_now) as dispersion,
    bool_or(baseline.is_closed) filter (is_now) as is_closed
from (
    select
        *,
        business_date = $today::date and business_hour = $hour::utinyint as is_now
    from main.baseline
    where business_date between $today::date - 1 and $today::date and business_hour < 24 and measure = 'messages'
) as baseline
inner join published.checkpoint_codes as codes on baseline.checkpoint = codes.number
group by baseline.source, codes.code
