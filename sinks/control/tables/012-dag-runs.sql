-- Attempts at slots, in the order in which they began. Status: running, success, failed, cancelled, timed_out or crashed.
create table if not exists dag_runs (
    run_id uuid not null,
    ordinal bigint not null,
    dag varchar not null,
    period varchar not null,
    period_start timestamptz not null,
    period_end timestamptz not null,
    trigger varchar not null,
    attempt integer not null,
    status varchar not null,
    started_at timestamptz not null,
    ended_at timestamptz,
    host varchar not null,
    pid integer not null,
    version varchar not null,
    error varchar
)
