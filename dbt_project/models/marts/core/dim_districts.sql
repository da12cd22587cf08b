with districts as (
    select * from {{ ref('districts') }}
),

population as (
    select * from {{ ref('int_population_latest') }}
    where level = 'district' and settlement = 'all'
),

final as (
    select
        districts.district_kato,
        districts.region_code,
        districts.district_name_kk,
        districts.district_name_ru,
        districts.district_name_en,
        districts.latitude,
        districts.longitude,
        population.year as population_year,
        population.population_persons
    from districts
    left join population on districts.district_kato = population.area_code
)

select * from final
