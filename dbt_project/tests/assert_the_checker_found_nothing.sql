-- The checker of `planning.placement.verify` shares no code with the match; what it finds must not be
-- published.
select
    campaign_id,
    checker_report
from {{ ref('fct_campaigns') }}
where graduates_count > 0 and lines_count > 0 and is_checker_clean is distinct from true
