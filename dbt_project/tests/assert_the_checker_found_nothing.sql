-- The checker of `planning.placement.verify` shares no code with the match; what it finds must not be
-- published. Where somebody could be placed there must be a report.
select
    campaign_id,
    checker_report
from {{ ref('fct_campaigns') }}
where
    not is_checker_clean
    or (active_count > 0 and lines_count > 0 and is_checker_clean is null)
