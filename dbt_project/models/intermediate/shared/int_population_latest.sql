-- The latest year that does not lie after the as-of day.
with areas as (
    select * from {{ ref('int_population_areas') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

final as (
    select areas.*
    from areas
    cross join as_of
    where
        areas.year <= coalesce(extract(year from as_of.as_of_date), 9999)
    qualify
        areas.year = max(areas.year) over (partition by areas.level, areas.area_code)
)

select * from final
