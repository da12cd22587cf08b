-- Work of the last twelve months, at the end of every month, by facility, specialty and activity.
-- sqlfluff:indentation:template_blocks_indent:False
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

bounds as (
    select
        cast(min(month) - interval '{{ var("wisn_months") | int(12) - 1 }} months' as date) as first_month,
        max(month) as last_month
    from months
),

activity as (
    select activity_monthly.*
    from {{ ref('int_activity_monthly') }} as activity_monthly
    inner join bounds
        on activity_monthly.month between bounds.first_month and bounds.last_month
),

{% if few_months() %}
-- A month or two more: twelve months are summed anew, without a spine and without sorting.
rolled as (
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
work_begins as (
    select
        facility_id,
        specialty_code,
        activity_code,
        min(month) as first_month
    from activity
    group by facility_id, specialty_code, activity_code
),

-- Every month from the first on, so that the frame of twelve rows is twelve months even where one is
-- missing.
spine as (
    select
        work_begins.facility_id,
        work_begins.specialty_code,
        work_begins.activity_code,
        cast(unnest(
            generate_series(work_begins.first_month, bounds.last_month, interval '1 month')
        ) as date) as month
    from work_begins
    cross join bounds
),

rolled as (
    select
        spine.facility_id,
        spine.specialty_code,
        spine.activity_code,
        spine.month,
        sum(activity.sampled_units_count) over twelve_months as sampled_units_count,
        sum(activity.units_count) over twelve_months as units_count,
        sum(activity.units_variance) over twelve_months as units_variance,
        count(activity.month) over twelve_months as recorded_months_count
    from spine
    left join activity
        on
            spine.facility_id = activity.facility_id
            and spine.specialty_code = activity.specialty_code
            and spine.activity_code = activity.activity_code
            and spine.month = activity.month
    window twelve_months as (
        partition by spine.facility_id, spine.specialty_code, spine.activity_code
        order by spine.month
        rows between {{ var('wisn_months') | int(12) - 1 }} preceding and current row
    )
),

{% endif %}
final as (
    select
        rolled.facility_id,
        rolled.specialty_code,
        rolled.activity_code,
        cast(rolled.sampled_units_count as bigint) as sampled_units_count,
        rolled.units_count,
        rolled.units_variance,
        cast(rolled.recorded_months_count as integer) as recorded_months_count,
        rolled.month,
        months.input_fingerprint
    from rolled
    inner join months on rolled.month = months.month
    where rolled.recorded_months_count > 0
)

select * from final
