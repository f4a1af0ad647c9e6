-- The tasks of a run with what they counted, as JSON. Status: success, failed, cancelled, timed_out or upstream_failed.
create table if not exists dag_task_runs (
    run_id uuid not null,
    ordinal integer not null,
    task varchar not null,
    status varchar not null,
    started_at timestamptz,
    ended_at timestamptz,
    counts varchar not null,
    error varchar
)
