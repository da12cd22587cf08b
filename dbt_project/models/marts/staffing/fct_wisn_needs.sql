with needs as (
    select * from {{ ref('int_wisn_monthly') }}
),

posts as (
    select * from {{ ref('fct_posts_monthly') }}
),

facilities as (
    select * from {{ ref('dim_facilities') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

-- A calendar year is the twelve months to its December.
periods as (
    select
        fingerprints.month,
        'rolling_12_months' as period_kind
    from {{ ref('int_month_fingerprints') }} as fingerprints
    inner join as_of on fingerprints.month = as_of.as_of_month

    union all

    select
        fingerprints.month,
        'year' as period_kind
    from {{ ref('int_month_fingerprints') }} as fingerprints
    inner join {{ ref('int_passport_windows') }} as windows
        on fingerprints.month = windows.month
    where
        extract(month from fingerprints.month) = 12
        and windows.delivered_months_count > 0
),

without_standard as (
    select
        posts.facility_id,
        posts.position_code,
        posts.specialty_code,
        posts.staff_category,
        posts.month,
        posts.filled_fte
    from posts
    where
        posts.month in (select periods.month from periods)
        and not exists (
            select 1 from needs
            where
                needs.facility_id = posts.facility_id
                and needs.position_code = posts.position_code
                and needs.month = posts.month
        )
),

rows_of_periods as (
    select
        needs.facility_id,
        needs.position_code,
        needs.specialty_code,
        needs.staff_category,
        needs.data_status,
        needs.act_status,
        needs.act_numbers,
        needs.available_hours,
        needs.workload_units_count,
        needs.sampled_units_count,
        needs.recorded_months_count,
        needs.service_staff_fte,
        needs.category_allowance_share,
        needs.category_allowance_factor,
        needs.individual_allowance_fte,
        needs.required_wisn_fte,
        needs.required_wisn_error_fte,
        needs.filled_fte,
        needs.wisn_shortage_fte,
        needs.wisn_surplus_fte,
        needs.month
    from needs

    union all by name

    select
        facility_id,
        position_code,
        specialty_code,
        staff_category,
        'no_standard' as data_status,
        0 as recorded_months_count,
        filled_fte,
        month
    from without_standard
),

final as (
    select
        rows_of_periods.facility_id,
        facilities.region_code,
        facilities.district_kato,
        rows_of_periods.position_code,
        rows_of_periods.specialty_code,
        rows_of_periods.staff_category,
        periods.period_kind,
        rows_of_periods.data_status,
        {{ wisn_pressure_class('rows_of_periods.filled_fte', 'rows_of_periods.required_wisn_fte') }}
            as pressure_class,
        rows_of_periods.act_status,
        rows_of_periods.act_numbers,
        rows_of_periods.available_hours,
        rows_of_periods.workload_units_count,
        rows_of_periods.sampled_units_count,
        cast(rows_of_periods.recorded_months_count as integer) as recorded_months_count,
        rows_of_periods.service_staff_fte,
        rows_of_periods.category_allowance_share,
        rows_of_periods.category_allowance_factor,
        rows_of_periods.individual_allowance_fte,
        rows_of_periods.required_wisn_fte,
        rows_of_periods.required_wisn_error_fte,
        cast(rows_of_periods.filled_fte as decimal(12, 2)) as filled_fte,
        rows_of_periods.filled_fte - rows_of_periods.required_wisn_fte as wisn_difference_fte,
        rows_of_periods.wisn_shortage_fte,
        rows_of_periods.wisn_surplus_fte,
        rows_of_periods.filled_fte / nullif(rows_of_periods.required_wisn_fte, 0) as wisn_ratio,
        cast(rows_of_periods.month - interval '{{ var("wisn_months") | int(12) - 1 }} months' as date)
            as period_start_month,
        rows_of_periods.month as period_end_month
    from rows_of_periods
    inner join periods on rows_of_periods.month = periods.month
    left join facilities on rows_of_periods.facility_id = facilities.facility_id
)

select * from final
