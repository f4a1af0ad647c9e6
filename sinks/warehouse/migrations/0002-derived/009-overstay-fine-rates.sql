-- The fine for a day of overstay by period, both days inclusive, as the code lists had it at the last rebuild.
-- One row per period.
create table if not exists overstay_fine_rates (
    valid_from date not null,
    valid_to date not null,
    usd_per_day integer not null
)
