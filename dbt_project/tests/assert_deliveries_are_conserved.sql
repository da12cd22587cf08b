-- Records in = landed + superseded + quarantined, and the landing table holds what the door says it landed.
select
    contract,
    batch_id,
    month,
    records_in_count,
    landed_count,
    superseded_count,
    quarantined_count,
    landed_rows_count
from {{ ref('fct_conservation') }}
where not is_conserved or not is_landed_confirmed
