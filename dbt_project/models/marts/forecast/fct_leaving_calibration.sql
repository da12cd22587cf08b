with source as (
    select * from {{ source('planning', 'leaving_calibration') }}
),

final as (
    select
        bin,
        person_years,
        predicted_share,
        observed_share,
        low_95_share,
        low_80_share,
        high_80_share,
        high_95_share,
        years_count,
        data_vintage_date
    from source
)

select * from final
