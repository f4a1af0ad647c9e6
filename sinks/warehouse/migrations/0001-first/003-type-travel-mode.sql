-- The closed set travel_mode (schemas/enums.ts).
create type if not exists travel_mode as enum (
    'air', 'land', 'sea', 'river'
)
