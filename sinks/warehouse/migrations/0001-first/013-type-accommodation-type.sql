-- The closed set accommodation_type (schemas/enums.ts).
create type if not exists accommodation_type as enum (
    'hotel', 'guesthouse', 'rental', 'private', 'employer', 'other'
)
