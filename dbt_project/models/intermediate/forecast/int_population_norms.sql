-- Posts the norms ask for in the as-of month over the nation's inhabitants, one row a specialty: what
-- inhabitants to
-- come are held against. Facilities whose figure is blank (overlapping norms, no basis) are left out, so
-- it is a floor.
with needs as (
    select * from {{ ref('int_norm_needs_monthly') }}
    where required_norm_fte is not null
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

specialties as (
    select * from {{ ref('specialties') }}
    where staff_category = 'doctor'
),

nation as (
    select max(population_persons) as population_persons
    from {{ ref('int_population_latest') }}
    where level = 'nation' and settlement = 'all'
),

final as (
    select
        needs.specialty_code,
        {{ steady_sum('needs.required_norm_fte') }} * 10000.0 / max(nation.population_persons)
            as posts_per_10k,
        string_agg(distinct needs.norm_act_numbers, '; ' order by needs.norm_act_numbers) as act_number,
        string_agg(distinct needs.norm_status, ', ' order by needs.norm_status) as status
    from needs
    inner join as_of on needs.month = as_of.as_of_month
    inner join specialties on needs.specialty_code = specialties.specialty_code
    cross join nation
    group by needs.specialty_code
    having max(nation.population_persons) > 0
)

select * from final
