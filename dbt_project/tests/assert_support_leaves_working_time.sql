-- A position whose support takes all of its working time has no need by workload; this names it.
{{ config(severity='warn') }}

select
    subject_id as position_code,
    explanation,
    how_to_mend
from {{ ref('fct_quality_checks') }}
where check_code = 'allowances_exceed_time'
