-- Intake of each programme by year and the specialty it leads to; doctors only. Completion is counted on the
-- intakes whose graduates are known, of the programme and, where it has none, of its level.
with seats as (
    select * from {{ ref('stg_graduates__university_seats') }}
),

programmes as (
    select * from {{ ref('programmes') }}
    where level in ('internship', 'residency', 'bachelor', 'college')
),

main_specialties as (
    select compatibility.*
    from {{ ref('programme_compatibility') }} as compatibility
    inner join {{ ref('specialties') }} as specialties
        on compatibility.specialty_code = specialties.specialty_code
    where compatibility.is_main and specialties.staff_category = 'doctor'
),

intakes as (
    select
        programmes.programme_code,
        programmes.level,
        programmes.programme_years,
        main_specialties.specialty_code,
        seats.entry_year,
        sum(seats.seats_count) as intake_persons,
        sum(seats.seats_count) filter (where seats.graduated_count is not null) as known_persons,
        sum(seats.graduated_count) as graduated_persons
    from seats
    inner join programmes on seats.programme_code = programmes.programme_code
    inner join main_specialties on programmes.programme_code = main_specialties.programme_code
    group by all
),

shares as (
    select
        *,
        sum(graduated_persons) over programme / nullif(sum(known_persons) over programme, 0) as own_share,
        sum(graduated_persons) over level / nullif(sum(known_persons) over level, 0) as level_share
    from intakes
    window
        programme as (partition by programme_code),
        level as (partition by level)
),

final as (
    select
        specialty_code,
        programme_code,
        level,
        cast(entry_year as integer) as intake_year,
        cast(intake_persons as double) as intake_persons,
        cast(programme_years as integer) as programme_years,
        cast(least(coalesce(own_share, level_share, 1), 1) as double) as completion_share
    from shares
)

select * from final
