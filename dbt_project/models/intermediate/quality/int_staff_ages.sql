-- Mean age of the doctors in service, from years of birth.
with members as (
    select * from {{ ref('stg_registry__staff_members') }}
),

positions as (
    select * from {{ ref('positions') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

doctors as (
    select distinct
        members.staff_key,
        members.birth_year
    from members
    cross join as_of
    inner join positions on members.position_code = positions.position_code
    where
        positions.staff_category = 'doctor'
        and members.hired_month <= as_of.as_of_date
        and (members.left_month is null or members.left_month > as_of.as_of_date)
),

final as (
    select
        'mean_age' as our_measure,
        'doctor' as staff_category,
        '' as specialty_code,
        '' as region_code,
        avg(extract(year from as_of.as_of_date) - doctors.birth_year) as our_value,
        'staff_member, year of birth' as our_source,
        as_of.as_of_month as month
    from doctors
    cross join as_of
    group by as_of.as_of_month
)

select * from final
