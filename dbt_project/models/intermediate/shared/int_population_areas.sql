-- Inhabitants of every area at three levels, for urban, rural and all.
with regions as (
    select * from {{ ref('int_population_regions') }}
),

districts as (
    select * from {{ ref('stg_reference__population') }}
    where district_kato is not null
),

cells as (
    select
        'nation' as level,
        'nation' as area_code,
        cast(null as varchar) as region_code,
        settlement,
        year,
        population_persons
    from regions

    union all

    select
        'region' as level,
        region_code as area_code,
        region_code,
        settlement,
        year,
        population_persons
    from regions

    union all

    select
        'district' as level,
        district_kato as area_code,
        region_code,
        settlement,
        year,
        population_persons
    from districts
),

final as (
    select
        level,
        area_code,
        region_code,
        coalesce(settlement, 'all') as settlement,
        year,
        sum(population_persons) as population_persons
    from cells
    group by grouping sets (
        (level, area_code, region_code, settlement, year),
        (level, area_code, region_code, year)
    )
)

select * from final
