-- The numbers of codes, by dictionary: only ever appended, never re-used. 0 is `unknown`.
create table if not exists codes (
    dimension varchar not null,
    number smallint not null,
    code varchar not null
)
