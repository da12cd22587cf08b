with retention as (
    select * from {{ ref('fct_retention') }}
),

rounded as (
    select
        since,
        cohort_year,
        horizon_years,
        kind,
        persons_count >= 10 as has_persons,
        {{ may_be_shown('retained_count', 'persons_count') }} as has_parts,
        {{ rounded_persons('persons_count') }} as persons_count,
        {{ rounded_persons('retained_count') }} as retained_count
    from retention
),

final as (
    select
        since,
        cohort_year,
        horizon_years,
        kind,
        case when has_persons then persons_count end as persons_count,
        case when has_parts then retained_count end as retained_count,
        case when has_parts then least(1.0, retained_count / persons_count) end as retained_share
    from rounded
)

select * from final
