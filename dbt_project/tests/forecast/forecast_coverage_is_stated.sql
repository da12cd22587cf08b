-- Where past forecasts were scored, the trend's figures carry the coverage.
select forecasts.*
from {{ ref('fct_deficit_forecasts') }} as forecasts
where
    forecasts.method = 'trend'
    and forecasts.coverage_80_share is null
    and exists (
        select 1 from {{ ref('fct_coverage') }} as coverage
        where coverage.measure = forecasts.measure
    )
