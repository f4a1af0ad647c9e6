-- The closed set registration_channel (schemas/enums.ts).
create type if not exists registration_channel as enum (
    'app', 'police_station', 'online'
)
