-- WISN of every facility and position that has an activity standard, over the twelve months to each
-- month. A view: arithmetic on `int_workload_monthly`, done for the months that are asked for.
{{ config(materialized='view') }}

with workload as (
    select * from {{ ref('int_workload_monthly') }}
),

standards as (
    select * from {{ ref('int_wisn_standards') }}
),

measured as (
    select
        workload.facility_id,
        workload.position_code,
        workload.month,
        standards.specialty_code,
        standards.staff_category,
        standards.act_status,
        standards.act_numbers,
        standards.available_hours,
        workload.workload_units_count,
        workload.sampled_units_count,
        workload.recorded_months_count,
        workload.service_hours / standards.available_hours as service_staff_fte,
        sqrt(workload.service_hours_variance) / standards.available_hours as service_staff_error_fte,
        standards.category_allowance_share,
        standards.category_allowance_factor,
        standards.individual_allowance_fte,
        workload.filled_fte,
        case
            when standards.available_hours is null then 'no_calendar'
            when standards.category_allowance_share >= 1 then 'invalid_allowances'
            when standards.delivered_months_count < {{ var('wisn_months') }} then 'incomplete_period'
            when workload.workload_units_count is null then 'no_data'
            when workload.recorded_months_count < {{ var('wisn_months') }} then 'partial'
            else 'complete'
        end as data_status
    from workload
    inner join standards
        on
            workload.position_code = standards.position_code
            and workload.month = standards.month
),

needed as (
    select
        *,
        case
            -- Rounded: a re-run adds activities in another order and must give the same bytes.
            when data_status in ('complete', 'partial')
                then
                    round(
                        service_staff_fte * category_allowance_factor + individual_allowance_fte, 9
                    )
        end as required_wisn_fte,
        case
            when data_status in ('complete', 'partial')
                then service_staff_error_fte * category_allowance_factor
        end as required_wisn_error_fte
    from measured
),

final as (
    select
        facility_id,
        position_code,
        specialty_code,
        staff_category,
        data_status,
        act_status,
        act_numbers,
        available_hours,
        workload_units_count,
        sampled_units_count,
        recorded_months_count,
        service_staff_fte,
        category_allowance_share,
        category_allowance_factor,
        individual_allowance_fte,
        required_wisn_fte,
        required_wisn_error_fte,
        filled_fte,
        {{ shortfall('required_wisn_fte', 'filled_fte') }} as wisn_shortage_fte,
        {{ shortfall('filled_fte', 'required_wisn_fte') }} as wisn_surplus_fte,
        month
    from needed
)

select * from final
