with source as (
    select * from {{ source('landing', 'university') }}
),

renamed as (
    select
        university_id,
        university_name_kk,
        university_name_ru,
        university_name_en,
        region_code,
        as_of as as_of_date
    from source
)

select * from renamed
