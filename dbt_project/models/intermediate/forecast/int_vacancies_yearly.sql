-- Doctors' posts of each region and specialty in December. A year without a December table has no row: other
-- months differ by season and are never set beside it.
with deficits as (
    select * from {{ ref('fct_deficits_monthly') }}
    where
        staff_category = 'doctor'
        and region_code is not null
        and extract(month from month) = 12
),

final as (
    select
        region_code,
        specialty_code,
        cast(extract(year from month) as integer) as year,
        cast(sum(budgeted_fte) as double) as budgeted_fte,
        cast(sum(filled_fte) as double) as filled_fte,
        cast(sum(vacant_fte) as double) as vacant_fte,
        {{ steady_sum('norm_shortage_fte') }} as norm_shortage_fte,
        {{ steady_sum('wisn_shortage_fte') }} as wisn_shortage_fte
    from deficits
    group by region_code, specialty_code, month
)

select * from final
