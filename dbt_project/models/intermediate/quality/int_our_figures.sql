-- Our figures of the kinds that are published, by month: what the reconciliation looks up.
with rollups as (
    select * from {{ ref('fct_deficit_rollups') }}
    where level = 'nation' and split in ('all', 'specialty')
),

density as (
    select * from {{ ref('fct_density') }}
    where settlement = 'all' and specialty_code = 'all' and level in ('nation', 'region')
),

population as (
    select * from {{ ref('int_population_areas') }}
    where level = 'nation'
),

ages as (
    select * from {{ ref('int_staff_ages') }}
),

graduates as (
    select * from {{ ref('int_graduates_by_basis') }}
),

vacancies as (
    select
        'vacant_fte' as our_measure,
        staff_category,
        case when specialty_code = 'all' then '' else specialty_code end as specialty_code,
        '' as region_code,
        cast(vacant_fte as double) as our_value,
        'fct_deficit_rollups.vacant_fte' as our_source,
        month
    from rollups
),

persons as (
    select
        'persons_count' as our_measure,
        staff_category,
        case when specialty_code = 'all' then '' else specialty_code end as specialty_code,
        '' as region_code,
        cast(persons_count as double) as our_value,
        'fct_deficit_rollups.persons_count' as our_source,
        month
    from rollups
),

densities as (
    select
        'persons_per_10k' as our_measure,
        staff_category,
        '' as specialty_code,
        coalesce(region_code, '') as region_code,
        persons_per_10k as our_value,
        'fct_density.persons_per_10k' as our_source,
        month
    from density
),

inhabitants as (
    select
        case when settlement = 'all' then 'population' else 'rural_population' end as our_measure,
        '' as staff_category,
        '' as specialty_code,
        '' as region_code,
        population_persons as our_value,
        'population' as our_source,
        make_date(year, 1, 1) as month
    from population
    where settlement in ('all', 'rural')
),

final as (
    select * from vacancies
    union all
    select * from persons
    union all
    select * from densities
    union all
    select * from inhabitants
    union all
    select * from ages
    union all
    select * from graduates
)

select * from final
