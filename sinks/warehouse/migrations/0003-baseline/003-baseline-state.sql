-- When the baseline was refreshed, and for which days. At most one row.
create table if not exists baseline_state (
    first_day date not null,
    last_day date not null,
    refreshed_at timestamptz not null
)
