-- The closed set of outcomes of the 12/16-month rule (transforms/walks/outcomes.ts).
create type if not exists migrant_outcome as enum (
    'migrant', 'not_migrant', 'not_a_change', 'undetermined'
)
