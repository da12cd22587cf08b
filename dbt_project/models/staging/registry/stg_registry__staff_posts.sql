with source as (
    select * from {{ source('landing', 'staff_post') }}
),

renamed as (
    select
        post_id,
        facility_id,
        department,
        position_code,
        specialty_code,
        isco08_code,
        staff_category,
        budgeted_fte,
        filled_fte,
        persons_count,
        vacant_since as vacant_since_date,
        is_funded,
        has_housing,
        salary_band,
        month,
        as_of as as_of_date
    from source
)

select * from renamed
