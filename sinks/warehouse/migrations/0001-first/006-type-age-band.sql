-- The closed set age_band (schemas/enums.ts).
create type if not exists age_band as enum (
    'unknown', '0', '1-4', '5-9', '10-14', '15-17', '18-19', '20-24', '25-29', '30-34', '35-39', '40-44',
    '45-49', '50-54', '55-59', '60-64', '65-69', '70-74', '75-79', '80-84', '85+'
)
