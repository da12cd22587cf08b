-- Regions add up to the country, specialty by specialty, and specialties to all, area by area.
with means as (
    select * from {{ ref('fct_deficit_forecasts') }}
),

by_region as (
    select
        measure,
        scenario_code,
        year,
        specialty_code,
        sum(mean_fte) filter (where level = 'region') as parts_fte,
        sum(mean_fte) filter (where level = 'nation') as whole_fte
    from means
    group by measure, scenario_code, year, specialty_code
),

by_specialty as (
    select
        measure,
        scenario_code,
        year,
        area_code,
        sum(mean_fte) filter (where specialty_code <> 'all') as parts_fte,
        sum(mean_fte) filter (where specialty_code = 'all') as whole_fte
    from means
    group by measure, scenario_code, year, area_code
)

select
    measure,
    scenario_code,
    year,
    specialty_code as part,
    parts_fte,
    whole_fte
from by_region
where abs(parts_fte - whole_fte) > 1e-4 * greatest(whole_fte, 1)

union all

select
    measure,
    scenario_code,
    year,
    area_code as part,
    parts_fte,
    whole_fte
from by_specialty
where abs(parts_fte - whole_fte) > 1e-4 * greatest(whole_fte, 1)
