with source as (
    select * from {{ source('landing', 'equipment_norm') }}
),

renamed as (
    select
        facility_type,
        equipment_type_code,
        minimum_count,
        act_number,
        valid_from,
        valid_to,
        act_status,
        as_of as as_of_date
    from source
)

select * from renamed
