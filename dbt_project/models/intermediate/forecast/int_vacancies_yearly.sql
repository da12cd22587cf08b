-- Doctors' posts of each region and specialty in December. A year without a December table has no row: other
-- months differ by season and are never set beside it. A figure of which too much is missing is blank.
with deficits as (
    select * from {{ ref('fct_deficits_monthly') }}
    where
        staff_category = 'doctor'
        and region_code is not null
        and extract(month from month) = 12
),

summed as (
    select
        region_code,
        specialty_code,
        month,
        cast(sum(filled_fte) as double) as filled_fte,
        cast(sum(vacant_fte) as double) as vacant_fte,
        {{ steady_sum('norm_shortage_fte') }} as norm_shortage_fte,
        {{ steady_sum('wisn_shortage_fte') }} as wisn_shortage_fte
    from deficits
    group by region_code, specialty_code, month
),

untold as (
    select * from {{ ref('int_vacancies_untold') }}
),

-- A specialty of which nobody told any more is a row too: blank, not absent.
final as (
    select
        coalesce(summed.region_code, untold.region_code) as region_code,
        coalesce(summed.specialty_code, untold.specialty_code) as specialty_code,
        cast(extract(year from coalesce(summed.month, untold.month)) as integer) as year,
        {{ if_told('summed.filled_fte', 'untold.untold_filled_fte') }} as filled_fte,
        {{ if_told('summed.vacant_fte', 'untold.untold_vacant_fte') }} as vacant_fte,
        {{ if_told('summed.norm_shortage_fte', 'untold.untold_norm_shortage_fte') }} as norm_shortage_fte,
        {{ if_told('summed.wisn_shortage_fte', 'untold.untold_wisn_shortage_fte') }} as wisn_shortage_fte
    from summed
    full outer join untold
        on
            summed.region_code = untold.region_code
            and summed.specialty_code = untold.specialty_code
            and summed.month = untold.month
)

select * from final
