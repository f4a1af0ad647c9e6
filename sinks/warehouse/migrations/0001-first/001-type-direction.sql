-- The closed set direction (schemas/enums.ts).
create type if not exists direction as enum (
    'arrival', 'exit'
)
