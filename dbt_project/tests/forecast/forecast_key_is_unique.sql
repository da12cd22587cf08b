-- One figure an area, specialty, measure, scenario and year.
select
    area_code,
    specialty_code,
    measure,
    scenario_code,
    year,
    count(*) as rows_count
from {{ ref('fct_deficit_forecasts') }}
group by area_code, specialty_code, measure, scenario_code, year
having count(*) > 1
