-- What is expected of one hour of one date. Parameters: $date, $hour (24 is the whole day).
-- One row per checkpoint and measure.
select
    codes.code as checkpoint,
    baseline.measure,
    baseline.basis,
    baseline.is_closed,
    baseline.median,
    baseline.low,
    case when baseline.is_closed then 0 else baseline.high end as high
from main.baseline
inner join published.checkpoint_codes as codes on baseline.checkpoint = codes.number
where baseline.business_date = $date::date
    and baseline.business_hour = $hour::utinyint
    and baseline.source = 'gdi.crossing.v1'
    and baseline.measure <> 'messages'
