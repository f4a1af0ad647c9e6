-- The closed set accompaniment (schemas/enums.ts).
create type if not exists accompaniment as enum (
    'unknown', 'parent', 'guardian', 'other_adult', 'none'
)
