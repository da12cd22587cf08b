select
    line_id,
    seats_count,
    filled_count
from {{ ref('fct_lines') }}
where filled_count > seats_count
