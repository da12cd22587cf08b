-- AWT = [A - (B + C + D + E)] x F by year and position: the position's own calendar, else the one for
-- all.
with calendars as (
    select * from {{ ref('stg_reference__leave_calendars') }}
),

positions as (
    select * from {{ ref('positions') }}
),

years as (
    select distinct year from calendars
),

own_or_common as (
    select
        years.year,
        positions.position_code,
        calendars.day_hours,
        calendars.day_hours * calendars.week_days as week_hours,
        (
            calendars.possible_days
            - calendars.holiday_days
            - calendars.annual_leave_days
            - calendars.sick_leave_days
            - calendars.other_leave_days
        ) * calendars.day_hours as available_hours
    from years
    cross join positions
    inner join calendars
        on
            years.year = calendars.year
            and (
                positions.position_code = calendars.position_code
                or calendars.position_code is null
            )
    qualify
        row_number() over (
            partition by years.year, positions.position_code
            order by calendars.position_code nulls last
        ) = 1
)

select * from own_or_common
