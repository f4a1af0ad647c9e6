-- Sessions of people who are signed in: the cookie's secret as a digest. A session that has ended is deleted.
create table if not exists sessions (
    session_id uuid not null,
    secret_sha256 varchar not null,
    access_id uuid,
    person varchar not null,
    role varchar not null,
    created_at timestamptz not null,
    last_seen_at timestamptz not null,
    expires_at timestamptz not null
)
