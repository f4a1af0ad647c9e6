-- The codes of dictionary state by number; 0 is `unknown`. One row per code.
select
    number,
    code
from main.codes
where dimension = 'state'
