with specialties as (
    select * from {{ ref('specialties') }}
),

specialty_groups as (
    select * from {{ ref('specialty_groups') }}
),

final as (
    select
        specialties.specialty_code,
        specialties.specialty_group_code,
        specialties.staff_category,
        specialties.isco08_code,
        specialties.specialty_name_kk,
        specialties.specialty_name_ru,
        specialties.specialty_name_en,
        specialty_groups.specialty_group_name_kk,
        specialty_groups.specialty_group_name_ru,
        specialty_groups.specialty_group_name_en
    from specialties
    left join specialty_groups
        on specialties.specialty_group_code = specialty_groups.specialty_group_code
)

select * from final
