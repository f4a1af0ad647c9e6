-- The closed set registration_reporter (schemas/enums.ts).
create type if not exists registration_reporter as enum (
    'owner', 'landlord', 'manager', 'self'
)
