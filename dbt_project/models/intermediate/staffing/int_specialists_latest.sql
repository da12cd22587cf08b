-- Filled posts of every facility that reported in the latest month and every specialty some equipment
-- needs: 0 where
-- it has no such post. Facilities that did not report are absent.
with posts as (
    select * from {{ ref('fct_posts_monthly') }}
    where month = (select as_of.as_of_month from {{ ref('int_as_of') }} as as_of)
),

specialties as (
    select distinct required_specialty_code as specialty_code
    from {{ ref('equipment_types') }}
    where required_specialty_code is not null
),

reporting as (
    select distinct facility_id from posts
),

filled as (
    select
        facility_id,
        specialty_code,
        sum(filled_fte) as filled_fte
    from posts
    group by facility_id, specialty_code
),

final as (
    select
        reporting.facility_id,
        specialties.specialty_code,
        coalesce(filled.filled_fte, 0) as filled_fte
    from reporting
    cross join specialties
    left join filled
        on
            reporting.facility_id = filled.facility_id
            and specialties.specialty_code = filled.specialty_code
)

select * from final
