-- The codes of dictionary checkpoint by number; 0 is `unknown`. One row per code.
select
    number,
    code
from main.codes
where dimension = 'checkpoint'
