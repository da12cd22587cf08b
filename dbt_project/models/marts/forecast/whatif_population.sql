with source as (
    select * from {{ source('planning', 'whatif_population') }}
),

final as (
    select
        region_code,
        year,
        sex,
        age_band,
        persons
    from source
)

select * from final
