with source as (
    select * from {{ source('landing', 'equipment') }}
),

renamed as (
    select
        equipment_id,
        facility_id,
        equipment_type_code,
        quantity_count,
        commissioned_year,
        status,
        wear_pct / 100.0 as wear_share,
        required_specialty_code,
        as_of as as_of_date
    from source
)

select * from renamed
