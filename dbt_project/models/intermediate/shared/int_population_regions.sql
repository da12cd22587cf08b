-- A region's inhabitants are taken from its own rows; where it has only district rows, from their sum.
-- Both are never added.
with population as (
    select * from {{ ref('stg_reference__population') }}
),

has_own_rows as (
    select
        region_code,
        year,
        bool_or(district_kato is null) as is_own
    from population
    group by region_code, year
),

final as (
    select
        population.region_code,
        population.settlement,
        population.sex,
        population.age_band,
        population.year,
        sum(population.population_persons) as population_persons
    from population
    inner join has_own_rows
        on
            population.region_code = has_own_rows.region_code
            and population.year = has_own_rows.year
    where has_own_rows.is_own = (population.district_kato is null)
    group by
        population.region_code,
        population.settlement,
        population.sex,
        population.age_band,
        population.year
)

select * from final
