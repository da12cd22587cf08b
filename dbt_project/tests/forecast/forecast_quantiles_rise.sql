-- A higher quantile is never the smaller figure.
select * from {{ ref('fct_deficit_forecasts') }}
where not (p2_5_fte <= p10_fte and p10_fte <= p50_fte and p50_fte <= p90_fte and p90_fte <= p97_5_fte)
