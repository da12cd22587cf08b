with source as (
    select * from {{ source('planning', 'coverage') }}
),

final as (
    select
        measure,
        level,
        region_code,
        specialty_code,
        horizon_years,
        nominal_share,
        covered_share,
        forecasts_count,
        mase_ratio,
        bias_share,
        stage,
        data_vintage_date,
        scenario_hash
    from source
)

select * from final
