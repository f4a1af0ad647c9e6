-- Admitted crossings of the chosen travellers, as the walks read them.
-- One row per record, by traveller, time and event_id.
select
    traveller_key,
    epoch_ms(occurred_at) as occurred_ms,
    business_date,
    checkpoint,
    direction,
    travel_mode,
    document_type,
    nationality,
    sex,
    age_band,
    residence,
    visa_class,
    coalesce(permitted_until, '-infinity'::date) as permitted_until,
    purpose,
    destination_province
from temp.chosen_crossings
where decision = 'admitted'::decision
order by
    traveller_key,
    occurred_ms,
    record_id
