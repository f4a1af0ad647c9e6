-- What each extension granted (docs/method.md §3). One row per extension; nationality 0 where no stay matches, months
-- null where they are unknown.
create table if not exists extension_grants (
    traveller_key uuid not null,
    business_date date not null,
    visa_class smallint not null,
    nationality smallint not null,
    months_granted integer
)
