-- How DAGs are doing: when each last succeeded, and when it first failed since. One row per DAG that has run.
with

last_good as (
    select
        dag,
        max(ordinal) as ordinal,
        max_by(ended_at, ordinal) as ended_at
    from main.dag_runs
    where status = 'success'
    group by dag
)

select
    runs.dag,
    epoch_ms(any_value(last_good.ended_at)) as success_ms,
    epoch_ms(min_by(runs.ended_at, runs.ordinal) filter (
        runs.status in ('failed', 'timed_out', 'crashed') and runs.ordinal > coalesce(last_good.ordinal, 0)
    )) as failing_ms
from main.dag_runs as runs
left join last_good on runs.dag = last_good.dag
group by runs.dag
