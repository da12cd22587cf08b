-- A view: what is stored is `int_deficits_monthly`; areas and kinds are those of the latest registry.
{{ config(materialized='view') }}

with deficits as (
    select * from {{ ref('int_deficits_monthly') }}
),

facilities as (
    select * from {{ ref('dim_facilities') }}
),

specialties as (
    select * from {{ ref('dim_specialties') }}
),

-- The acts are the same for a whole facility type.
norms as (
    select * from {{ ref('int_norms_by_specialty') }}
),

final as (
    select
        deficits.facility_id,
        facilities.region_code,
        facilities.district_kato,
        deficits.specialty_code,
        specialties.specialty_group_code,
        specialties.staff_category,
        facilities.facility_type,
        facilities.care_level,
        facilities.ownership,
        facilities.settlement,
        case when deficits.norm_bits is not null then norms.norm_act_numbers end as norm_act_numbers,
        {{ norm_status_of_bits('deficits.norm_bits') }} as norm_status,
        case deficits.wisn_status_rank
            when 1 then 'complete'
            when 2 then 'partial'
            when 3 then 'invalid_allowances'
            when 4 then 'no_calendar'
            when 5 then 'incomplete_period'
            when 6 then 'no_data'
            else 'no_standard'
        end as wisn_status,
        deficits.budgeted_fte,
        deficits.filled_fte,
        deficits.vacant_fte,
        deficits.overfilled_fte,
        deficits.funded_vacant_fte,
        deficits.housed_vacant_fte,
        deficits.budget_unknown_filled_fte,
        deficits.combined_fte,
        deficits.persons_count,
        deficits.required_norm_fte,
        deficits.norm_shortage_fte,
        deficits.norm_surplus_fte,
        deficits.required_wisn_fte,
        deficits.wisn_shortage_fte,
        deficits.wisn_surplus_fte,
        deficits.month,
        deficits.input_fingerprint
    from deficits
    left join facilities on deficits.facility_id = facilities.facility_id
    left join specialties on deficits.specialty_code = specialties.specialty_code
    left join norms
        on
            deficits.month = norms.month
            and deficits.specialty_code = norms.specialty_code
            and facilities.facility_type = norms.facility_type
)

select * from final
