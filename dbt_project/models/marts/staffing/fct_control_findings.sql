with facilities as (
    select * from {{ ref('dim_facilities') }}
),

equipment as (
    select * from {{ ref('fct_equipment_compliance') }}
),

specialists as (
    select * from {{ ref('int_specialists_latest') }}
),

deficits as (
    select * from {{ ref('fct_deficits_monthly') }}
    where
        month = (select as_of.as_of_month from {{ ref('int_as_of') }} as as_of)
        and staff_category = 'doctor'
),

finding_points as (
    select * from {{ ref('control_findings') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

licences as (
    select
        facilities.facility_id,
        case
            when facilities.licence_until_date < as_of.as_of_date then 'licence_expired'
            when facilities.licence_until_date <= as_of.as_of_date + 90 then 'licence_ends_soon'
            -- A branch works under its parent's licence.
            when facilities.licence_no is null and facilities.parent_facility_id is null
                then 'licence_missing'
        end as finding_code,
        'licence' as subject_code,
        coalesce('until ' || cast(facilities.licence_until_date as varchar), 'no number')
            as explanation
    from facilities
    cross join as_of
    where facilities.status = 'active'
),

closed as (
    select
        deficits.facility_id,
        'closed_with_staff' as finding_code,
        'facility' as subject_code,
        cast(sum(deficits.filled_fte) as varchar) || ' filled doctors'' posts' as explanation
    from deficits
    inner join facilities on deficits.facility_id = facilities.facility_id
    where facilities.status = 'closed' and (deficits.budgeted_fte > 0 or deficits.filled_fte > 0)
    group by deficits.facility_id
),

items as (
    select
        facility_id,
        'equipment_missing' as finding_code,
        equipment_type_code as subject_code,
        cast(working_count as varchar) || ' of ' || cast(minimum_count as varchar) || ' ('
        || act_number || ', ' || act_status || ')' as explanation
    from equipment
    where compliance = 'missing'

    union all

    select
        facility_id,
        'equipment_worn' as finding_code,
        equipment_type_code as subject_code,
        cast(round(highest_wear_share * 100) as varchar) || ' percent' as explanation
    from equipment
    where highest_wear_share > 0.8

    union all

    select
        facility_id,
        'equipment_without_specialist' as finding_code,
        required_specialty_code as subject_code,
        string_agg(equipment_type_code, ', ' order by equipment_type_code) as explanation
    from equipment
    where is_without_specialist
    group by facility_id, required_specialty_code
),

working_specialties as (
    select distinct
        facility_id,
        required_specialty_code as specialty_code
    from equipment
    where working_count > 0 and required_specialty_code is not null
),

equipped as (
    select distinct facility_id from equipment
    where working_count + repair_count + idle_count > 0
),

-- Only where the facility has an inventory at all: without one nothing is known about its equipment.
idle_specialists as (
    select
        specialists.facility_id,
        'specialist_without_equipment' as finding_code,
        specialists.specialty_code as subject_code,
        cast(specialists.filled_fte as varchar) || ' filled posts' as explanation
    from specialists
    inner join equipped on specialists.facility_id = equipped.facility_id
    left join working_specialties
        on
            specialists.facility_id = working_specialties.facility_id
            and specialists.specialty_code = working_specialties.specialty_code
    where specialists.filled_fte > 0 and working_specialties.facility_id is null
),

vacancies as (
    select
        deficits.facility_id,
        'no_doctor_in_post' as finding_code,
        deficits.specialty_code as subject_code,
        cast(deficits.budgeted_fte as varchar) || ' posts, none filled' as explanation
    from deficits
    inner join facilities on deficits.facility_id = facilities.facility_id
    where
        deficits.budgeted_fte > 0
        and deficits.filled_fte = 0
        and facilities.status = 'active'

    union all

    select
        deficits.facility_id,
        'vacancy_share_high' as finding_code,
        'facility' as subject_code,
        cast(sum(deficits.vacant_fte) as varchar) || ' of '
        || cast(sum(deficits.budgeted_fte) as varchar) || ' posts vacant' as explanation
    from deficits
    inner join facilities on deficits.facility_id = facilities.facility_id
    where facilities.status = 'active'
    group by deficits.facility_id
    having sum(deficits.vacant_fte) > 0.3 * sum(deficits.budgeted_fte)
),

findings as (
    select * from licences
    where finding_code is not null
    union all
    select * from closed
    union all
    select * from items
    union all
    select * from idle_specialists
    union all
    select * from vacancies
),

final as (
    select
        findings.facility_id,
        facilities.region_code,
        findings.finding_code,
        findings.subject_code,
        findings.explanation,
        finding_points.points,
        as_of.as_of_date
    from findings
    cross join as_of
    inner join facilities on findings.facility_id = facilities.facility_id
    inner join finding_points on findings.finding_code = finding_points.finding_code
)

select * from final
