with density as (
    select * from {{ ref('fct_density') }}
    where settlement = 'all' and level in ('region', 'district') and population_persons > 0
),

population as (
    select * from {{ ref('int_population_areas') }}
),

rural as (
    select
        level,
        area_code,
        year,
        coalesce(sum(population_persons) filter (where settlement = 'rural'), 0)
        / nullif(sum(population_persons) filter (where settlement = 'all'), 0) as rural_share
    from population
    group by level, area_code, year
),

scoped as (
    select
        'nation_regions' as scope,
        'nation' as scope_code,
        cast(null as varchar) as scope_region_code,
        density.*
    from density
    where density.level = 'region'

    union all

    select
        'nation_districts' as scope,
        'nation' as scope_code,
        cast(null as varchar) as scope_region_code,
        density.*
    from density
    where density.level = 'district'

    union all

    select
        'region_districts' as scope,
        density.region_code as scope_code,
        density.region_code as scope_region_code,
        density.*
    from density
    where density.level = 'district'
),

ranked as (
    select
        scoped.scope,
        scoped.scope_code,
        scoped.scope_region_code,
        scoped.staff_category,
        scoped.specialty_code,
        scoped.month,
        scoped.population_persons,
        cast(scoped.filled_fte as double) as filled_fte,
        scoped.filled_fte_per_10k as density_rank_by,
        rural.rural_share as rural_rank_by
    from scoped
    left join rural
        on
            scoped.level = rural.level
            and scoped.area_code = rural.area_code
            and scoped.population_year = rural.year
),

ordered as (
    select
        'gini' as index_code,
        ranked.density_rank_by as rank_by,
        ranked.*
    from ranked

    union all

    -- From the least rural to the most: below zero, staff gather where life is urban.
    select
        'concentration_rurality' as index_code,
        ranked.rural_rank_by as rank_by,
        ranked.*
    from ranked
    where ranked.rural_rank_by is not null
),

-- Areas of equal rank are one step of the curve, so that the order among them cannot matter.
steps as (
    select
        index_code,
        scope,
        scope_code,
        scope_region_code,
        staff_category,
        specialty_code,
        month,
        rank_by,
        count(*) as areas_count,
        sum(population_persons) as population_persons,
        sum(filled_fte) as filled_fte
    from ordered
    group by all
),

curve as (
    select
        *,
        population_persons / sum(population_persons) over of_index as population_share,
        filled_fte / nullif(sum(filled_fte) over of_index, 0) as staff_share,
        sum(filled_fte) over up_to / nullif(sum(filled_fte) over of_index, 0) as staff_up_to
    from steps
    window
        of_index as (
            partition by index_code, scope, scope_code, staff_category, specialty_code, month
        ),
        up_to as (
            partition by index_code, scope, scope_code, staff_category, specialty_code, month
            order by rank_by
            rows unbounded preceding
        )
),

-- Twice the area between the diagonal and the curve, by trapezoids.
final as (
    select
        scope,
        scope_code as area_code,
        scope_region_code as region_code,
        staff_category,
        specialty_code,
        index_code,
        cast(sum(areas_count) as bigint) as areas_count,
        case
            when sum(areas_count) >= 2
                then 1 - {{ steady_sum('population_share * (2 * staff_up_to - staff_share)') }}
        end as index_value,
        month
    from curve
    group by
        scope,
        scope_code,
        scope_region_code,
        staff_category,
        specialty_code,
        index_code,
        month
)

select * from final
