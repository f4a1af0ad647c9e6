-- What became of the messages of each HTTP request, by receipt.
create table if not exists receipt_outcomes (
    receipt varchar not null,
    outcome varchar not null,
    reason varchar not null,
    messages bigint not null
)
