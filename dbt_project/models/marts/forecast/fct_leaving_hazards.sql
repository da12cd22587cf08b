with source as (
    select * from {{ source('planning', 'leaving_hazards') }}
),

final as (
    select
        service_year,
        person_years,
        fitted_share,
        known_share,
        low_95_share,
        low_80_share,
        high_80_share,
        high_95_share,
        data_vintage_date
    from source
)

select * from final
