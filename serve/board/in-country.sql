-- Foreigners in the country at the end of the date through which stays are derived (docs/method.md §4). One row.
select count(*) as foreigners
from main.stock_spells
cross join main.derivation
where stock_spells.from_date <= derivation.as_of
    and (stock_spells.until_date is null or stock_spells.until_date > derivation.as_of)
