-- Vacant posts swing by a fifth between July and September: only equal calendar months are set side by side.
select
    month,
    earlier_month
from {{ ref('fct_deficit_changes') }}
where extract(month from month) <> extract(month from earlier_month)
