with source as (
    select * from {{ source('planning', 'whatif_person_years') }}
),

final as (
    select
        region_code,
        specialty_code,
        sector_code,
        service_year,
        age,
        sex,
        is_local_origin,
        pay_sd,
        exit_code,
        year
    from source
)

select * from final
