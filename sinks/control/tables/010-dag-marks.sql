-- Since when a DAG is known here: no slot before it is owed. One row per DAG.
create table if not exists dag_marks (
    dag varchar not null,
    since timestamptz not null
)
