-- The closed set returnee_reason (schemas/enums.ts).
create type if not exists returnee_reason as enum (
    'voluntary', 'deported', 'crisis', 'other'
)
