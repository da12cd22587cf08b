with source as (
    select * from {{ source('landing', 'staff_member') }}
),

renamed as (
    select
        staff_key,
        birth_year,
        sex,
        facility_id,
        position_code,
        specialty_code,
        fte,
        qualification,
        certificate_until as certificate_until_date,
        home_region_code,
        hired_month,
        left_month,
        leave_reason,
        as_of as as_of_date
    from source
)

select * from renamed
