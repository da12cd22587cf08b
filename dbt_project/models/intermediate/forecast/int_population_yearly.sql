-- Inhabitants of whole regions by sex and age; bands written as the forecasts write them (0-4, not 00-04).
with population as (
    select * from {{ ref('int_population_regions') }}
    where sex in ('female', 'male')
),

final as (
    select
        region_code,
        cast(year as integer) as year,
        sex,
        regexp_replace(age_band, '(^|-)0([0-9])', '\1\2', 'g') as age_band,
        cast(sum(population_persons) as double) as persons
    from population
    group by region_code, year, sex, age_band
)

select * from final
