-- The closed set purpose (schemas/enums.ts).
create type if not exists purpose as enum (
    'unknown', 'holiday', 'visit', 'education', 'health', 'religion', 'shopping', 'transit', 'business',
    'employment', 'other'
)
