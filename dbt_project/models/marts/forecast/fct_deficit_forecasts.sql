with source as (
    select * from {{ source('planning', 'deficit_forecasts') }}
),

final as (
    select
        level,
        area_code,
        region_code,
        specialty_code,
        measure,
        method,
        scenario_code,
        year,
        mean_fte,
        p2_5_fte,
        p10_fte,
        p50_fte,
        p90_fte,
        p97_5_fte,
        deficit_probability_share,
        large_deficit_probability_share,
        coverage_80_share,
        scenario_hash,
        model_version,
        data_vintage_date
    from source
)

select * from final
