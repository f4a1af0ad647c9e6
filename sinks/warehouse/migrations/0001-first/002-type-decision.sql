-- The closed set decision (schemas/enums.ts).
create type if not exists decision as enum (
    'admitted', 'refused'
)
