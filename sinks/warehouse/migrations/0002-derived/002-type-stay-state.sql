-- The closed set of states of a stay (transforms/walks/outcomes.ts).
create type if not exists stay_state as enum (
    'open', 'closed', 'no_end', 'no_begin', 'lapsed'
)
