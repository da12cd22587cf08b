with source as (
    select * from {{ source('planning', 'whatif_staff_stock') }}
),

final as (
    select
        region_code,
        specialty_code,
        sector_code,
        year,
        age,
        sex,
        service_year,
        persons,
        fte
    from source
)

select * from final
