-- What holds for every facility alike: the acts, working time and allowances of each position that has an
-- activity standard, by month. A few thousand rows, so that millions of facility rows meet them in one join.
with activity_hours as (
    select * from {{ ref('int_activity_hours') }}
),

positions as (
    select * from {{ ref('positions') }}
),

working_time as (
    select * from {{ ref('int_working_time') }}
),

allowances as (
    select * from {{ ref('int_support_allowances') }}
),

windows as (
    select * from {{ ref('int_passport_windows') }}
),

acts as (
    select
        month,
        position_code,
        string_agg(distinct act_number, '; ' order by act_number) as act_numbers,
        string_agg(distinct act_status, ', ' order by act_status) as act_status
    from activity_hours
    group by month, position_code
),

final as (
    select
        acts.month,
        acts.position_code,
        positions.specialty_code,
        positions.staff_category,
        acts.act_status,
        acts.act_numbers,
        working_time.available_hours,
        -- A position without allowances has 0; without working time nothing is known of them.
        case
            when working_time.available_hours is not null
                then coalesce(allowances.category_allowance_share, 0)
        end as category_allowance_share,
        case
            when
                working_time.available_hours is not null
                and coalesce(allowances.category_allowance_share, 0) < 1
                then 1 / (1 - coalesce(allowances.category_allowance_share, 0))
        end as category_allowance_factor,
        case
            when working_time.available_hours is not null
                then coalesce(allowances.individual_allowance_fte, 0)
        end as individual_allowance_fte,
        windows.delivered_months_count
    from acts
    inner join positions on acts.position_code = positions.position_code
    inner join windows on acts.month = windows.month
    left join working_time
        on
            acts.position_code = working_time.position_code
            and extract(year from acts.month) = working_time.year
    left join allowances
        on
            acts.position_code = allowances.position_code
            and acts.month = allowances.month
)

select * from final
