-- Flows of many years and states, so that an answer of them is longer than all buffers to a reader hold. One row per
-- day and state.
insert into main.flow_deltas
select
    date '2015-01-01' + (number // 200)::integer as business_date,
    1 as checkpoint,
    'arrival' as direction,
    'admitted' as decision,
    'land' as travel_mode,
    (number % 200)::smallint as nationality,
    'F' as sex,
    'unknown' as age_band,
    1 as visa_class,
    'unknown' as purpose,
    false as is_tally,
    1 as persons
from range($rows) as rows (number)
