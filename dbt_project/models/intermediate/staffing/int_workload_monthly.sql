-- Work of the twelve months to each month and the posts filled at its end, by facility and position that
-- has an activity standard: facts only. What they mean in staff is worked out by `int_wisn_monthly`.
-- sqlfluff:indentation:template_blocks_indent:False
{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        pre_hook="{{ forget_months('needs_fingerprint') }}",
        post_hook="{{ write_ledger('needs_fingerprint') }}",
    )
}}
{%- set counted = months_to_count('needs_fingerprint') %}
{%- set first_month = counted[0][0] if counted else '0001-01-01' %}
{%- set last_month = counted[-1][0] if counted else '0001-01-01' %}

with months as (
    {{ months_as_rows(counted) }}
),

activity as (
    select * from {{ ref('int_activity_monthly') }}
    where
        month between date '{{ first_month }}' - interval '{{ var("wisn_months") | int(12) - 1 }} months'
        and date '{{ last_month }}'
),

activity_hours as (
    select * from {{ ref('int_activity_hours') }}
),

positions as (
    select * from {{ ref('positions') }}
),

posts as (
    select * from {{ ref('int_posts_monthly') }}
    where {{ among_months('month', counted) }}
),

standards as (
    select * from {{ ref('int_wisn_standards') }}
),

{% if few_months(counted) %}
-- A month or two more: twelve months are summed anew, without a spine and without sorting.
rolling as (
    select
        activity.facility_id,
        activity.specialty_code,
        activity.activity_code,
        months.month,
        sum(activity.sampled_units_count) as sampled_units_count,
        sum(activity.units_count) as units_count,
        sum(activity.units_variance) as units_variance,
        count(*) as recorded_months_count
    from months
    inner join activity
        on
            months.month >= activity.month
            and activity.month > months.month - interval '{{ var("wisn_months") | int(12) }} months'
    group by activity.facility_id, activity.specialty_code, activity.activity_code, months.month
),

{% else %}
-- Known by a number, which sorts and joins in half the time of three texts.
kinds_of_work as materialized (
    select
        facility_id,
        specialty_code,
        activity_code,
        min(month) as first_month,
        cast(row_number() over () as integer) as work_number
    from activity
    group by facility_id, specialty_code, activity_code
),

numbered as (
    select
        kinds_of_work.work_number,
        activity.month,
        activity.sampled_units_count,
        activity.units_count,
        activity.units_variance
    from activity
    inner join kinds_of_work
        on
            activity.facility_id = kinds_of_work.facility_id
            and activity.specialty_code = kinds_of_work.specialty_code
            and activity.activity_code = kinds_of_work.activity_code
),

-- Every month from the first on, so that the frame of twelve rows is twelve months even where one is
-- missing.
spine as (
    select
        kinds_of_work.work_number,
        cast(unnest(
            generate_series(kinds_of_work.first_month, date '{{ last_month }}', interval '1 month')
        ) as date) as month
    from kinds_of_work
),

windowed as (
    select
        spine.work_number,
        spine.month,
        sum(numbered.sampled_units_count) over twelve_months as sampled_units_count,
        sum(numbered.units_count) over twelve_months as units_count,
        sum(numbered.units_variance) over twelve_months as units_variance,
        count(numbered.month) over twelve_months as recorded_months_count
    from spine
    left join numbered
        on
            spine.work_number = numbered.work_number
            and spine.month = numbered.month
    window twelve_months as (
        partition by spine.work_number
        order by spine.month
        rows between {{ var('wisn_months') | int(12) - 1 }} preceding and current row
    )
),

rolling as (
    select
        kinds_of_work.facility_id,
        kinds_of_work.specialty_code,
        kinds_of_work.activity_code,
        windowed.month,
        windowed.sampled_units_count,
        windowed.units_count,
        windowed.units_variance,
        windowed.recorded_months_count
    from windowed
    inner join kinds_of_work on windowed.work_number = kinds_of_work.work_number
    where
        windowed.recorded_months_count > 0
        and {{ among_months('windowed.month', counted) }}
),

{% endif %}
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

others_hours as (
    select activity_hours.*
    from activity_hours
    inner join positions on activity_hours.position_code = positions.position_code
    where positions.staff_category <> 'doctor'
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
    where activity_code in (select others_hours.activity_code from others_hours)
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
        others_hours.unit_hours
    from posts
    inner join others_hours
        on
            posts.position_code = others_hours.position_code
            and posts.month = others_hours.month
    inner join facility_work
        on
            posts.facility_id = facility_work.facility_id
            and others_hours.activity_code = facility_work.activity_code
            and posts.month = facility_work.month
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
        sum(cast(posts.filled_fte as double)) as filled_fte
    from posts
    inner join standards
        on
            posts.position_code = standards.position_code
            and posts.month = standards.month
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
        facility_id,
        position_code,
        month,
        workload.sampled_units_count,
        workload.workload_units_count,
        workload.recorded_months_count,
        workload.service_hours,
        workload.service_hours_variance,
        filled.filled_fte
    from workload
    full outer join filled using (facility_id, position_code, month)
),

final as (
    select
        joined.facility_id,
        joined.position_code,
        cast(joined.sampled_units_count as bigint) as sampled_units_count,
        joined.workload_units_count,
        cast(coalesce(joined.recorded_months_count, 0) as integer) as recorded_months_count,
        -- Rounded: a re-run adds activities in another order and must give the same bytes.
        round(joined.service_hours, 9) as service_hours,
        round(joined.service_hours_variance, 9) as service_hours_variance,
        -- A facility that reported its table but has no such post has none; one that did not is unknown.
        case
            when reporting.facility_id is not null
                then cast(coalesce(joined.filled_fte, 0) as decimal(12, 2))
        end as filled_fte,
        joined.month,
        months.input_fingerprint
    from joined
    inner join months on joined.month = months.month
    left join reporting
        on
            joined.facility_id = reporting.facility_id
            and joined.month = reporting.month
)

select * from final
