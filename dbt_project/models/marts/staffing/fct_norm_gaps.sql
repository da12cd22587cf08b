with needs as (
    select * from {{ ref('int_norm_needs_monthly') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

facilities as (
    select * from {{ ref('dim_facilities') }}
),

specialties as (
    select * from {{ ref('dim_specialties') }}
),

deficits as (
    select * from {{ ref('fct_deficits_monthly') }}
),

final as (
    select
        needs.facility_id,
        facilities.region_code,
        facilities.district_kato,
        needs.specialty_code,
        specialties.staff_category,
        needs.norm_act_numbers,
        needs.norm_status,
        needs.is_repealed,
        needs.is_user_supplied,
        needs.data_status,
        needs.basis_persons,
        needs.basis_beds_count,
        needs.basis_visits_count,
        needs.required_population_fte,
        needs.required_beds_fte,
        needs.required_visits_fte,
        needs.required_norm_fte,
        deficits.filled_fte,
        deficits.norm_shortage_fte,
        deficits.norm_surplus_fte,
        needs.month as as_of_month
    from needs
    inner join as_of on needs.month = as_of.as_of_month
    left join facilities on needs.facility_id = facilities.facility_id
    left join specialties on needs.specialty_code = specialties.specialty_code
    left join deficits
        on
            needs.facility_id = deficits.facility_id
            and needs.specialty_code = deficits.specialty_code
            and needs.month = deficits.month
)

select * from final
