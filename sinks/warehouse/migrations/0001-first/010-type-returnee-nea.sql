-- The closed set returnee_nea (schemas/enums.ts).
create type if not exists returnee_nea as enum (
    'requested', 'declined', 'registered'
)
