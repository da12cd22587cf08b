with source as (
    select * from {{ source('landing', 'leave_calendar') }}
),

renamed as (
    select
        year,
        position_code,
        possible_days,
        holiday_days,
        annual_leave_days,
        sick_leave_days,
        other_leave_days,
        day_hours,
        week_days,
        as_of as as_of_date
    from source
)

select * from renamed
