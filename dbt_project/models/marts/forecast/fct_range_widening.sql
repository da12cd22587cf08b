with source as (
    select * from {{ source('planning', 'range_widening') }}
),

final as (
    select
        measure,
        horizon_years,
        widening_ratio,
        forecasts_count,
        common_sd_share,
        data_vintage_date
    from source
)

select * from final
