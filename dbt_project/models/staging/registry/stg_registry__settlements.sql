with source as (
    select * from {{ source('landing', 'settlement') }}
),

renamed as (
    select
        settlement_kato,
        settlement_name_kk,
        settlement_name_ru,
        region_code,
        district_kato,
        settlement,
        inhabitants_persons,
        latitude,
        longitude,
        as_of as as_of_date
    from source
)

select * from renamed
