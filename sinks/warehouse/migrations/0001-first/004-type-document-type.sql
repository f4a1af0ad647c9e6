-- The closed set document_type (schemas/enums.ts).
create type if not exists document_type as enum (
    'passport', 'border_pass', 'travel_document', 'emergency', 'other'
)
