with source as (
    select * from {{ source('landing', 'norm') }}
),

renamed as (
    select
        norm_id,
        specialty_code,
        basis,
        basis_units_count,
        facility_type,
        act_number,
        valid_from,
        valid_to,
        act_status,
        as_of as as_of_date
    from source
)

select * from renamed
