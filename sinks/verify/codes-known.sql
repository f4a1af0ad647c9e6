-- Every code number of the flows has a code. One row per number that has none.
with

used as (
    select distinct 'checkpoint' as dimension, checkpoint as number from main.flow_deltas
    union all
    select distinct 'state' as dimension, nationality as number from main.flow_deltas
    union all
    select distinct 'visa_class' as dimension, visa_class as number from main.flow_deltas
)

from used
anti join main.codes using (dimension, number)
