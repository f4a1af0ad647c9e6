-- What became of every message, as changes: a count is the sum of its rows. `kind` is an outcome, `gap` (reason absent
-- or lost: offsets that hold no message for us) or `schema_drift`, which counts beside the outcomes.
create table if not exists accounting (
    received_on date not null,
    source varchar not null,
    partition varchar not null,
    contract varchar not null,
    kind varchar not null,
    reason varchar not null,
    messages bigint not null
)
