-- The year the projection starts from, read five ways: need as projected and as WISN measured it, the norm,
-- doctors by the register and by the facilities' tables. Side by side, never merged or netted.
with forecasts as (
    select * from {{ ref('fct_deficit_forecasts') }}
    where method = 'projection' and scenario_code = 'baseline'
),

base as (
    select min(year) as year from forecasts
),

projected as (
    select
        forecasts.area_code,
        forecasts.region_code,
        forecasts.level,
        forecasts.specialty_code,
        forecasts.year,
        max(forecasts.mean_fte) filter (where forecasts.measure = 'need_fte') as need_projected_fte,
        max(forecasts.p50_fte) filter (where forecasts.measure = 'required_norm_fte') as required_norm_fte,
        max(forecasts.scenario_hash) as scenario_hash,
        max(forecasts.data_vintage_date) as data_vintage_date
    from forecasts
    inner join base on forecasts.year = base.year
    group by
        forecasts.area_code,
        forecasts.region_code,
        forecasts.level,
        forecasts.specialty_code,
        forecasts.year
),

workload as (
    select
        need.region_code,
        need.specialty_code,
        need.need_fte
    from {{ ref('int_workload_need') }} as need
    inner join base on need.year = base.year
),

register as (
    select
        stock.region_code,
        stock.specialty_code,
        stock.persons,
        stock.fte
    from {{ ref('int_staff_stock') }} as stock
    inner join base on stock.year = base.year
),

posts as (
    select
        vacancies.region_code,
        vacancies.specialty_code,
        vacancies.filled_fte
    from {{ ref('int_vacancies_yearly') }} as vacancies
    inner join base on vacancies.year = base.year
),

leaves as (
    select
        region_code,
        specialty_code,
        need_fte,
        0.0 as persons,
        0.0 as register_fte,
        0.0 as filled_fte,
        false as is_filled_unknown
    from workload

    union all

    select
        region_code,
        specialty_code,
        0.0 as need_fte,
        persons,
        fte as register_fte,
        0.0 as filled_fte,
        false as is_filled_unknown
    from register

    union all

    select
        region_code,
        specialty_code,
        0.0 as need_fte,
        0.0 as persons,
        0.0 as register_fte,
        filled_fte,
        filled_fte is null as is_filled_unknown
    from posts
),

measured as (
    select
        coalesce(region_code, 'nation') as area_code,
        coalesce(specialty_code, 'all') as specialty_code,
        sum(need_fte) as need_wisn_fte,
        sum(persons) as register_persons,
        sum(register_fte) as register_fte,
        -- A sum over regions of which one is unknown is unknown.
        case when not bool_or(is_filled_unknown) then sum(filled_fte) end as filled_fte
    from leaves
    group by grouping sets (
        (region_code, specialty_code), (region_code), (specialty_code), ()
    )
),

final as (
    select
        projected.level,
        projected.area_code,
        projected.region_code,
        projected.specialty_code,
        projected.year,
        projected.need_projected_fte,
        -- A specialty without an activity standard has no measured need: blank, not zero.
        cast(nullif(measured.need_wisn_fte, 0) as double) as need_wisn_fte,
        projected.required_norm_fte,
        cast(measured.register_persons as double) as register_persons,
        cast(measured.register_fte as double) as register_fte,
        cast(measured.filled_fte as double) as filled_fte,
        projected.scenario_hash,
        projected.data_vintage_date
    from projected
    left join measured
        on
            projected.area_code = measured.area_code
            and projected.specialty_code = measured.specialty_code
)

select * from final
