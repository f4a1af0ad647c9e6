-- What is expected of a day and of its hours (docs/normal.md), kept for the days around today; written anew by every
-- refresh. `measure` is arrivals, departures or messages; business_hour 24 is the whole day; what names no checkpoint
-- has number 0. No median where too few days can be compared.
create table if not exists baseline (
    business_date date not null,
    business_hour utinyint not null,
    source varchar not null,
    checkpoint smallint not null,
    measure varchar not null,
    basis varchar not null,
    is_closed boolean not null,
    samples utinyint not null,
    median double,
    low double,
    high double,
    mean double,
    dispersion double not null
)
