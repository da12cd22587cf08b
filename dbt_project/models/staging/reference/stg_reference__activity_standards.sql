with source as (
    select * from {{ source('landing', 'activity_standard') }}
),

renamed as (
    select
        position_code,
        activity_code,
        unit_minutes,
        units_per_hour,
        act_number,
        valid_from,
        valid_to,
        act_status,
        as_of as as_of_date
    from source
)

select * from renamed
