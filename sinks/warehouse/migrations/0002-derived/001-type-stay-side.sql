-- The closed set of sides (transforms/walks/outcomes.ts).
create type if not exists stay_side as enum (
    'inside', 'abroad'
)
