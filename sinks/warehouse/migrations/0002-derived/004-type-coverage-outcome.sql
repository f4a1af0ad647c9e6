-- The closed set of outcomes of registration (transforms/walks/outcomes.ts).
create type if not exists coverage_outcome as enum (
    'within_24h', 'later', 'never'
)
