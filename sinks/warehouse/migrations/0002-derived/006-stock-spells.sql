-- The days of inside stays by province (docs/method.md §4): [from_date, until_date), open-ended while the stay is open.
-- One row per stay and stretch of days in one province.
create table if not exists stock_spells (
    traveller_key uuid not null,
    from_date date not null,
    until_date date,
    nationality smallint not null,
    sex sex not null,
    age_band age_band not null,
    visa_class smallint not null,
    province smallint not null
)
