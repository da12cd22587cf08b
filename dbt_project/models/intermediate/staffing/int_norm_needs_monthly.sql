-- Posts by norm, by facility, specialty and month; several bases of one specialty add up, because each asks for
-- the work of its own patients. Attached population and beds are those of the latest registry.
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

norms as (
    select * from {{ ref('int_norms_by_type') }}
    where month in (select months.month from months)
),

facilities as (
    select * from {{ ref('stg_registry__facilities') }}
),

facility_types as (
    select * from {{ ref('facility_types') }}
),

rolling as (
    select * from {{ ref('int_activity_rolling') }}
    where month in (select months.month from months)
),

visits as (
    select
        facility_id,
        specialty_code,
        month,
        sum(units_count) as visits_count
    from rolling
    where activity_code in ('ambulatory_visit', 'home_visit', 'remote_visit')
    group by facility_id, specialty_code, month
),

applied as (
    select
        norms.*,
        facilities.facility_id,
        case norms.basis
            when 'per_population' then facilities.attached_persons
            when 'per_beds' then facilities.beds_count
            when 'per_visits' then visits.visits_count
        end as basis_amount,
        case norms.basis
            when 'per_population' then facility_types.has_attachment
            when 'per_beds' then facility_types.has_beds
            else false
        end as is_basis_expected
    from norms
    inner join facilities
        on
            norms.facility_type = facilities.facility_type
            and coalesce(facilities.opened_date, date '0001-01-01') <= last_day(norms.month)
            and coalesce(
                facilities.closed_date,
                case when facilities.status = 'active' then date '9999-12-31' else norms.month end
            ) > norms.month
    inner join facility_types on facilities.facility_type = facility_types.facility_type
    left join visits
        on
            norms.basis = 'per_visits'
            and facilities.facility_id = visits.facility_id
            and norms.specialty_code = visits.specialty_code
            and norms.month = visits.month
),

needs as (
    select
        *,
        basis_amount / basis_units_count as required_fte
    from applied
    where basis_amount is not null or is_basis_expected
),

by_specialty as (
    select
        facility_id,
        specialty_code,
        month,
        bool_or(is_overlapping) as is_overlapping,
        bool_or(basis_amount is null) as is_basis_missing,
        bool_or(is_repealed) as is_repealed,
        bool_or(is_user_supplied) as is_user_supplied,
        bool_or(is_assumed) as is_assumed,
        bool_or(is_in_force) as is_in_force,
        string_agg(distinct act_numbers, '; ' order by act_numbers) as norm_act_numbers,
        sum(required_fte) filter (where basis = 'per_population') as required_population_fte,
        sum(required_fte) filter (where basis = 'per_beds') as required_beds_fte,
        sum(required_fte) filter (where basis = 'per_visits') as required_visits_fte,
        cast(sum(basis_amount) filter (where basis = 'per_population') as bigint) as basis_persons,
        cast(sum(basis_amount) filter (where basis = 'per_beds') as bigint) as basis_beds_count,
        sum(basis_amount) filter (where basis = 'per_visits') as basis_visits_count,
        sum(required_fte) as required_fte
    from needs
    group by facility_id, specialty_code, month
),

final as (
    select
        by_specialty.facility_id,
        by_specialty.specialty_code,
        by_specialty.norm_act_numbers,
        {{ norm_status('by_specialty') }} as norm_status,
        by_specialty.is_repealed,
        by_specialty.is_user_supplied,
        case
            when by_specialty.is_overlapping then 'overlapping_norms'
            when by_specialty.is_basis_missing then 'basis_missing'
            else 'complete'
        end as data_status,
        by_specialty.basis_persons,
        by_specialty.basis_beds_count,
        by_specialty.basis_visits_count,
        by_specialty.required_population_fte,
        by_specialty.required_beds_fte,
        by_specialty.required_visits_fte,
        case
            when not by_specialty.is_overlapping and not by_specialty.is_basis_missing
                then by_specialty.required_fte
        end as required_norm_fte,
        by_specialty.month,
        months.input_fingerprint
    from by_specialty
    inner join months on by_specialty.month = months.month
)

select * from final
