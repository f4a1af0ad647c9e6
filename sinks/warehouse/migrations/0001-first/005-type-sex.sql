-- The closed set sex (schemas/enums.ts).
create type if not exists sex as enum (
    'F', 'M', 'X', 'U'
)
