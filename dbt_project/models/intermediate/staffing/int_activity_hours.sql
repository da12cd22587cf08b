-- Hours a unit of every activity takes a position, on the last day of every month: minutes a unit or
-- units an
-- hour, whichever the standard states. Where two rows hold, the one that began last does.
with standards as (
    select * from {{ ref('stg_reference__activity_standards') }}
),

months as (
    select * from {{ ref('int_month_fingerprints') }}
),

final as (
    select
        months.month,
        standards.position_code,
        standards.activity_code,
        coalesce(standards.unit_minutes / 60, 1 / standards.units_per_hour) as unit_hours,
        standards.act_number,
        standards.act_status
    from months
    inner join standards
        on
            standards.valid_from <= last_day(months.month)
            and coalesce(standards.valid_to, date '9999-12-31') >= last_day(months.month)
    qualify
        row_number() over (
            partition by months.month, standards.position_code, standards.activity_code
            order by standards.valid_from desc
        ) = 1
)

select * from final
