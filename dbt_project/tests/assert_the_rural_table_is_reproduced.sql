-- The published table of rural practitioners comes out of its own counts, to the printed digit.
select *
from {{ ref('fct_rural_practitioners') }}
where not is_reproduced
