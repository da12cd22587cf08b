-- Category and individual allowances of every position on the last day of every month. A day's hours
-- are a share
-- of the day, a week's of the week, a month's twelve-fold and a year's of the year's working time.
with standards as (
    select * from {{ ref('stg_reference__support_standards') }}
),

months as (
    select * from {{ ref('int_month_fingerprints') }}
),

working_time as (
    select * from {{ ref('int_working_time') }}
),

holding as (
    select
        months.month,
        standards.position_code,
        standards.support_code,
        standards.allowance,
        standards.hours,
        standards.period,
        standards.act_number,
        standards.act_status
    from months
    inner join standards
        on
            standards.valid_from <= last_day(months.month)
            and coalesce(standards.valid_to, date '9999-12-31') >= last_day(months.month)
    qualify
        row_number() over (
            partition by months.month, standards.position_code, standards.support_code
            order by standards.valid_from desc
        ) = 1
),

shares as (
    select
        holding.month,
        holding.position_code,
        holding.allowance,
        case holding.period
            when 'day' then holding.hours / working_time.day_hours
            when 'week' then holding.hours / working_time.week_hours
            when 'month' then holding.hours * 12 / working_time.available_hours
            when 'year' then holding.hours / working_time.available_hours
        end as allowance_share
    from holding
    inner join working_time
        on
            holding.position_code = working_time.position_code
            and extract(year from holding.month) = working_time.year
),

final as (
    select
        month,
        position_code,
        coalesce(sum(allowance_share) filter (where allowance = 'category'), 0)
            as category_allowance_share,
        coalesce(sum(allowance_share) filter (where allowance = 'individual'), 0)
            as individual_allowance_fte
    from shares
    group by month, position_code
)

select * from final
