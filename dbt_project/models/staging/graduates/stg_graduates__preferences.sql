with source as (
    select * from {{ source('landing', 'preference') }}
),

renamed as (
    select
        graduate_key,
        rank,
        facility_id,
        region_code,
        as_of as as_of_date
    from source
)

select * from renamed
