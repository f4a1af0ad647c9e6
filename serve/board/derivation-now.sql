-- Through what stays are derived. One row, none before the first time.
select
    (as_of - date '1970-01-01')::integer as as_of,
    derived_through::bigint as derived_through,
    epoch_ms(derived_at) as derived_ms
from main.derivation
