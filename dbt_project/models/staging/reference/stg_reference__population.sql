with source as (
    select * from {{ source('landing', 'population') }}
),

renamed as (
    select
        region_code,
        district_kato,
        settlement,
        year,
        sex,
        age_band,
        population_persons,
        as_of as as_of_date
    from source
)

select * from renamed
