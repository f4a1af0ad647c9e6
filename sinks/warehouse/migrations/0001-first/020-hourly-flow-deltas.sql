-- Changes of `flows_hourly`, as flow_deltas.
create table if not exists hourly_flow_deltas (
    business_date date not null,
    business_hour utinyint not null,
    checkpoint smallint not null,
    direction direction not null,
    decision decision not null,
    persons integer not null
)
