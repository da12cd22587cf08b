with regions as (
    select * from {{ ref('regions') }}
),

population as (
    select * from {{ ref('int_population_latest') }}
    where level = 'region'
),

persons as (
    select
        area_code as region_code,
        max(year) as population_year,
        sum(population_persons) filter (where settlement = 'all') as population_persons,
        sum(population_persons) filter (where settlement = 'rural') as rural_population_persons
    from population
    group by area_code
),

final as (
    select
        regions.region_code,
        regions.region_name_kk,
        regions.region_name_ru,
        regions.region_name_en,
        regions.is_city,
        regions.exists_since_year,
        regions.tile_column,
        regions.tile_row,
        persons.population_year,
        persons.population_persons,
        persons.rural_population_persons
    from regions
    left join persons on regions.region_code = persons.region_code
)

select * from final
