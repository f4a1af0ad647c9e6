-- What was or is to be run: one row per DAG and period. `planned` is false where a person asked before the schedule did;
-- `late` where nobody was there when it came due. State: waiting, running, success, failed, skipped or cancelled.
create table if not exists dag_slots (
    dag varchar not null,
    period varchar not null,
    period_start timestamptz not null,
    period_end timestamptz not null,
    due_at timestamptz not null,
    planned boolean not null,
    late boolean not null,
    state varchar not null,
    failures integer not null,
    not_before timestamptz,
    decided_at timestamptz not null
)
