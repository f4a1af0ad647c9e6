-- Runs of DAGs, the newest first, and before them what waits for its turn. One row per run; a slot that was left out or
-- waits for its first attempt stands as a run without an id.
with

attempts as (
    select
        run_id::varchar as run_id,
        dag,
        period,
        epoch_ms(period_start) as period_start_ms,
        epoch_ms(period_end) as period_end_ms,
        trigger,
        attempt,
        status,
        epoch_ms(started_at) as started_ms,
        epoch_ms(ended_at) as ended_ms,
        host,
        pid,
        version,
        error,
        ordinal,
        started_at as at_time
    from main.dag_runs
),

without_attempt as (
    select
        null as run_id,
        slots.dag,
        slots.period,
        epoch_ms(slots.period_start) as period_start_ms,
        epoch_ms(slots.period_end) as period_end_ms,
        if(slots.late, 'catchup', 'schedule') as trigger,
        0 as attempt,
        if(slots.state = 'waiting', 'queued', slots.state) as status,
        null as started_ms,
        null as ended_ms,
        null as host,
        null as pid,
        null as version,
        null as error,
        null as ordinal,
        slots.due_at as at_time
    from main.dag_slots as slots
    anti join main.dag_runs as runs on slots.dag = runs.dag and slots.period = runs.period
    where slots.state in ('waiting', 'skipped')
)

select *
from (
    from attempts
    union all
    from without_attempt
)
where ($dag is null or dag = $dag)
    and ($status is null or status = $status)
    and (run_id is not null or not $attempts_only)
order by at_time desc, ordinal desc nulls first
limit $limit::bigint
