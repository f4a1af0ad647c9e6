-- Access tokens: shown once, stored as a digest. One row per token; a revoked one stays, so that its use can be told.
create table if not exists access (
    access_id uuid not null,
    name varchar not null,
    role varchar not null,
    token_sha256 varchar not null,
    created_at timestamptz not null,
    expires_at timestamptz,
    revoked_at timestamptz
)
