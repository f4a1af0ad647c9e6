-- The largest sequence of all images. One row.
select
    greatest(
        (select coalesce(max(sequence), 0) from main.crossings),
        (select coalesce(max(sequence), 0) from main.tallies),
        (select coalesce(max(sequence), 0) from main.extensions),
        (select coalesce(max(sequence), 0) from main.registrations),
        (select coalesce(max(sequence), 0) from main.voids)
    ) as sequence
