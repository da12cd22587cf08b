with deficits as (
    select * from {{ ref('fct_deficits_monthly') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

population as (
    select * from {{ ref('int_population_areas') }}
),

snapshots as (
    select deficits.*
    from deficits
    cross join as_of
    where
        (extract(month from deficits.month) = 12 or deficits.month = as_of.as_of_month)
        -- The staffing table names the specialty.
        and deficits.budget_unknown_filled_fte is not null
),

staff as (
    select
        month,
        region_code,
        district_kato,
        settlement,
        staff_category,
        specialty_code,
        grouping(region_code) + grouping(district_kato) as area_level,
        grouping(settlement) as is_all_settlements,
        grouping(specialty_code) as is_all_specialties,
        sum(persons_count) as persons_count,
        sum(filled_fte) as filled_fte
    from snapshots
    group by
        month,
        staff_category,
        grouping sets ((region_code, district_kato), (region_code), ()),
        grouping sets ((settlement), ()),
        grouping sets ((specialty_code), ())
),

areas as (
    select
        case area_level when 0 then 'district' when 1 then 'region' else 'nation' end as level,
        case area_level when 0 then district_kato when 1 then region_code else 'nation' end as area_code,
        region_code,
        {{ or_all('is_all_settlements', 'settlement') }} as settlement,
        coalesce(staff_category, 'unknown') as staff_category,
        {{ or_all('is_all_specialties', 'specialty_code') }} as specialty_code,
        persons_count,
        filled_fte,
        month
    from staff
),

reported as (
    select distinct
        level,
        area_code,
        region_code,
        settlement,
        month
    from areas
    where area_code is not null
),

kinds as (
    select distinct
        staff_category,
        specialty_code,
        month
    from areas
),

-- A December snapshot stands on the threshold of the next year; 1 January of it is the nearer census
-- day.
inhabited as (
    select
        reported.*,
        population.year as population_year,
        population.population_persons
    from reported
    left join population
        on
            reported.level = population.level
            and reported.area_code = population.area_code
            and reported.settlement = population.settlement
            and population.year
            <= extract(year from reported.month)
            + case when extract(month from reported.month) = 12 then 1 else 0 end
    qualify
        row_number() over (
            partition by
                reported.level,
                reported.area_code,
                reported.region_code,
                reported.settlement,
                reported.month
            order by population.year desc nulls last
        ) = 1
),

-- An area that reported its posts but has none of a kind has zero of it; leaving it out would make the
-- spread look more even than it is. An area that did not report has no row.
known as (
    select
        inhabited.*,
        kinds.staff_category,
        kinds.specialty_code,
        case when areas.month is null then 0 else areas.persons_count end as persons_count,
        case when areas.month is null then 0 else areas.filled_fte end as filled_fte
    from inhabited
    inner join kinds on inhabited.month = kinds.month
    left join areas
        on
            inhabited.level = areas.level
            and inhabited.area_code = areas.area_code
            and inhabited.region_code is not distinct from areas.region_code
            and inhabited.settlement = areas.settlement
            and inhabited.month = areas.month
            and kinds.staff_category = areas.staff_category
            and kinds.specialty_code = areas.specialty_code
),

final as (
    select
        level,
        area_code,
        region_code,
        settlement,
        staff_category,
        specialty_code,
        population_year,
        population_persons,
        cast(persons_count as bigint) as persons_count,
        cast(filled_fte as decimal(14, 2)) as filled_fte,
        cast(persons_count * 10000.0 / nullif(population_persons, 0) as double) as persons_per_10k,
        cast(filled_fte * 10000.0 / nullif(population_persons, 0) as double) as filled_fte_per_10k,
        month
    from known
)

select * from final
