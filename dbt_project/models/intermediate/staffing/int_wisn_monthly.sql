-- WISN of every facility and position that has an activity standard, over the twelve months to each
-- month.
{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='month',
        on_schema_change='fail',
        pre_hook="{{ forget_vanished_months('needs_fingerprint') }}",
    )
}}

with months as (
    {{ months_to_count('needs_fingerprint') }}
),

rolling as (
    select * from {{ ref('int_activity_rolling') }}
    where month in (select months.month from months)
),

activity_hours as (
    select * from {{ ref('int_activity_hours') }}
),

positions as (
    select * from {{ ref('positions') }}
),

posts as (
    select * from {{ ref('fct_posts_monthly') }}
    where month in (select months.month from months)
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

standard_positions as (
    select
        activity_hours.month,
        activity_hours.position_code,
        positions.specialty_code,
        positions.staff_category,
        string_agg(distinct activity_hours.act_number, '; ' order by activity_hours.act_number)
            as act_numbers,
        string_agg(distinct activity_hours.act_status, ', ' order by activity_hours.act_status)
            as act_status
    from activity_hours
    inner join positions on activity_hours.position_code = positions.position_code
    group by
        activity_hours.month,
        activity_hours.position_code,
        positions.specialty_code,
        positions.staff_category
),

-- A doctor's work is that of the own specialty. Passports name no nurse, so other positions are
-- measured by
-- all work of the activity in the facility, and only where the facility has such a post.
doctors_work as (
    select
        rolling.facility_id,
        positions.position_code,
        rolling.month,
        rolling.sampled_units_count,
        rolling.units_count,
        rolling.units_variance,
        rolling.recorded_months_count,
        activity_hours.unit_hours
    from rolling
    inner join positions
        on
            rolling.specialty_code = positions.specialty_code
            and positions.staff_category = 'doctor'
    inner join activity_hours
        on
            positions.position_code = activity_hours.position_code
            and rolling.activity_code = activity_hours.activity_code
            and rolling.month = activity_hours.month
),

facility_work as (
    select
        facility_id,
        activity_code,
        month,
        sum(sampled_units_count) as sampled_units_count,
        sum(units_count) as units_count,
        sum(units_variance) as units_variance,
        max(recorded_months_count) as recorded_months_count
    from rolling
    group by facility_id, activity_code, month
),

others_work as (
    select
        facility_work.facility_id,
        posts.position_code,
        facility_work.month,
        facility_work.sampled_units_count,
        facility_work.units_count,
        facility_work.units_variance,
        facility_work.recorded_months_count,
        activity_hours.unit_hours
    from posts
    inner join activity_hours
        on
            posts.position_code = activity_hours.position_code
            and posts.month = activity_hours.month
    inner join facility_work
        on
            posts.facility_id = facility_work.facility_id
            and activity_hours.activity_code = facility_work.activity_code
            and posts.month = facility_work.month
    where posts.staff_category <> 'doctor'
),

work as (
    select * from doctors_work
    union all
    select * from others_work
),

workload as (
    select
        facility_id,
        position_code,
        month,
        sum(sampled_units_count) as sampled_units_count,
        sum(units_count) as workload_units_count,
        max(recorded_months_count) as recorded_months_count,
        sum(units_count * unit_hours) as service_hours,
        sum(units_variance * unit_hours * unit_hours) as service_hours_variance
    from work
    group by facility_id, position_code, month
),

filled as (
    select
        posts.facility_id,
        posts.position_code,
        posts.month,
        sum(posts.filled_fte) as filled_fte
    from posts
    inner join standard_positions
        on
            posts.position_code = standard_positions.position_code
            and posts.month = standard_positions.month
    group by posts.facility_id, posts.position_code, posts.month
),

reporting as (
    select distinct
        facility_id,
        month
    from posts
),

joined as (
    select
        coalesce(workload.facility_id, filled.facility_id) as facility_id,
        coalesce(workload.position_code, filled.position_code) as position_code,
        coalesce(workload.month, filled.month) as month,
        workload.sampled_units_count,
        workload.workload_units_count,
        coalesce(workload.recorded_months_count, 0) as recorded_months_count,
        workload.service_hours,
        workload.service_hours_variance,
        filled.filled_fte
    from workload
    full outer join filled
        on
            workload.facility_id = filled.facility_id
            and workload.position_code = filled.position_code
            and workload.month = filled.month
),

measured as (
    select
        joined.facility_id,
        joined.position_code,
        joined.month,
        standard_positions.specialty_code,
        standard_positions.staff_category,
        standard_positions.act_status,
        standard_positions.act_numbers,
        working_time.available_hours,
        joined.workload_units_count,
        joined.sampled_units_count,
        joined.recorded_months_count,
        joined.service_hours / working_time.available_hours as service_staff_fte,
        sqrt(joined.service_hours_variance) / working_time.available_hours as service_staff_error_fte,
        coalesce(allowances.category_allowance_share, 0) as category_allowance_share,
        coalesce(allowances.individual_allowance_fte, 0) as individual_allowance_fte,
        -- A facility that reported its table but has no such post has none; one that did not is unknown.
        case when reporting.facility_id is not null then coalesce(joined.filled_fte, 0) end as filled_fte,
        case
            when working_time.available_hours is null then 'no_calendar'
            when coalesce(allowances.category_allowance_share, 0) >= 1 then 'invalid_allowances'
            when windows.delivered_months_count < {{ var('wisn_months') }} then 'incomplete_period'
            when joined.workload_units_count is null then 'no_data'
            when joined.recorded_months_count < {{ var('wisn_months') }} then 'partial'
            else 'complete'
        end as data_status
    from joined
    inner join standard_positions
        on
            joined.position_code = standard_positions.position_code
            and joined.month = standard_positions.month
    inner join windows on joined.month = windows.month
    left join working_time
        on
            joined.position_code = working_time.position_code
            and extract(year from joined.month) = working_time.year
    left join allowances
        on
            joined.position_code = allowances.position_code
            and joined.month = allowances.month
    left join reporting
        on
            joined.facility_id = reporting.facility_id
            and joined.month = reporting.month
),

factored as (
    select
        *,
        case
            when category_allowance_share < 1 then 1 / (1 - category_allowance_share)
        end as category_allowance_factor,
        data_status in ('complete', 'partial') as is_known
    from measured
),

needed as (
    select
        *,
        case
            -- Rounded: a re-run adds activities in another order and must give the same bytes.
            when is_known
                then
                    round(
                        service_staff_fte * category_allowance_factor + individual_allowance_fte, 9
                    )
        end as required_wisn_fte,
        case
            when is_known then service_staff_error_fte * category_allowance_factor
        end as required_wisn_error_fte
    from factored
),

final as (
    select
        needed.facility_id,
        needed.position_code,
        needed.specialty_code,
        needed.staff_category,
        needed.data_status,
        needed.act_status,
        needed.act_numbers,
        needed.available_hours,
        needed.workload_units_count,
        cast(needed.sampled_units_count as bigint) as sampled_units_count,
        cast(needed.recorded_months_count as integer) as recorded_months_count,
        needed.service_staff_fte,
        needed.category_allowance_share,
        needed.category_allowance_factor,
        needed.individual_allowance_fte,
        needed.required_wisn_fte,
        needed.required_wisn_error_fte,
        cast(needed.filled_fte as decimal(12, 2)) as filled_fte,
        {{ shortfall('needed.required_wisn_fte', 'needed.filled_fte') }} as wisn_shortage_fte,
        {{ shortfall('needed.filled_fte', 'needed.required_wisn_fte') }} as wisn_surplus_fte,
        needed.month,
        months.input_fingerprint
    from needed
    inner join months on needed.month = months.month
)

select * from final
