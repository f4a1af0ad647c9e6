-- The codes of dictionary refusal_reason by number; 0 is `unknown`. One row per code.
select
    number,
    code
from main.codes
where dimension = 'refusal_reason'
