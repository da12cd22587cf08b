with source as (
    select * from {{ source('planning', 'whatif_learnt') }}
),

final as (
    select
        parameter_code,
        draw,
        region_code,
        specialty_code,
        sector_code,
        service_year,
        age,
        sex,
        label_code,
        value
    from source
)

select * from final
