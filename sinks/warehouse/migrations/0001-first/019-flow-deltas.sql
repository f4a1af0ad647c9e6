-- Changes of `flows`, appended in the transaction that loads the facts; a figure is the sum of its rows. Compaction
-- replaces the rows of a date by their sums.
create table if not exists flow_deltas (
    business_date date not null,
    checkpoint smallint not null,
    direction direction not null,
    decision decision not null,
    travel_mode travel_mode not null,
    nationality smallint not null,
    sex sex not null,
    age_band age_band not null,
    visa_class smallint not null,
    purpose purpose not null,
    is_tally boolean not null,
    persons integer not null
)
