-- The codes of dictionary visa_class by number; 0 is `unknown`. One row per code.
select
    number,
    code
from main.codes
where dimension = 'visa_class'
