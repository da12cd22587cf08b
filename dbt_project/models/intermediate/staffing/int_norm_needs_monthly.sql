-- Posts by norm, by facility, specialty and month; several bases of one specialty add up, because each
-- asks for
-- the work of its own patients. Attached population and beds are those of the latest registry. A view: norms
-- times facilities, worked out for the months that are asked for.
{{ config(materialized='view') }}

with by_specialty as (
    select * from {{ ref('int_norms_by_specialty') }}
    where month in (
        select fingerprints.month from {{ ref('int_month_fingerprints') }} as fingerprints
        where fingerprints.needs_fingerprint is not null
    )
),

facilities as (
    select * from {{ ref('stg_registry__facilities') }}
),

facility_types as (
    select * from {{ ref('facility_types') }}
),

-- Only where a norm counts by visits.
visit_norms as (
    select distinct
        month,
        specialty_code
    from by_specialty
    where visits_per_post is not null
),

visits as (
    select
        activity.facility_id,
        activity.specialty_code,
        visit_norms.month,
        sum(activity.units_count) as visits_count
    from {{ ref('int_activity_monthly') }} as activity
    inner join visit_norms
        on
            activity.specialty_code = visit_norms.specialty_code
            and activity.month <= visit_norms.month
            and activity.month > visit_norms.month - interval '{{ var("wisn_months") }} months'
    where activity.activity_code in ('ambulatory_visit', 'home_visit', 'remote_visit')
    group by activity.facility_id, activity.specialty_code, visit_norms.month
),

applied as (
    select
        by_specialty.*,
        facilities.facility_id,
        case when by_specialty.is_per_population then facilities.attached_persons end as basis_persons,
        case when by_specialty.is_per_beds then facilities.beds_count end as basis_beds_count,
        (
            by_specialty.is_per_population
            and facility_types.has_attachment
            and facilities.attached_persons is null
        )
        or (
            by_specialty.is_per_beds
            and facility_types.has_beds
            and facilities.beds_count is null
        ) as is_basis_missing
    from by_specialty
    inner join facilities
        on
            by_specialty.facility_type = facilities.facility_type
            and coalesce(facilities.opened_date, date '0001-01-01') <= last_day(by_specialty.month)
            and coalesce(
                facilities.closed_date,
                case
                    when facilities.status = 'active' then date '9999-12-31' else by_specialty.month
                end
            ) > by_specialty.month
    inner join facility_types on facilities.facility_type = facility_types.facility_type
),

-- Apart, so that the many norms that count no visits meet no visits.
counted as (
    select
        applied.*,
        visits.visits_count as basis_visits_count
    from applied
    left join visits
        on
            applied.facility_id = visits.facility_id
            and applied.specialty_code = visits.specialty_code
            and applied.month = visits.month
    where applied.visits_per_post is not null

    union all

    select
        applied.*,
        cast(null as double) as basis_visits_count
    from applied
    where applied.visits_per_post is null
),

needs as (
    select
        *,
        basis_persons / persons_per_post as required_population_fte,
        basis_beds_count / beds_per_post as required_beds_fte,
        basis_visits_count / visits_per_post as required_visits_fte
    from counted
    where
        is_basis_missing
        or basis_persons is not null
        or basis_beds_count is not null
        or basis_visits_count is not null
),

final as (
    select
        needs.facility_id,
        needs.specialty_code,
        needs.norm_act_numbers,
        needs.norm_status,
        needs.norm_bits,
        needs.is_repealed,
        needs.is_user_supplied,
        case
            when needs.is_overlapping then 'overlapping_norms'
            when needs.is_basis_missing then 'basis_missing'
            else 'complete'
        end as data_status,
        needs.basis_persons,
        needs.basis_beds_count,
        needs.basis_visits_count,
        needs.required_population_fte,
        needs.required_beds_fte,
        needs.required_visits_fte,
        case
            when not needs.is_overlapping and not needs.is_basis_missing
                then
                    coalesce(needs.required_population_fte, 0)
                    + coalesce(needs.required_beds_fte, 0)
                    + coalesce(needs.required_visits_fte, 0)
        end as required_norm_fte,
        needs.month
    from needs
)

select * from final
