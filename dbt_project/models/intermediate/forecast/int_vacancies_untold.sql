-- What is missing from a December's sums: figures that a facility told in an earlier December and, standing
-- still, does not tell in this one, at the amounts it told last. A sum without them reads as a fall.
--
-- A facility that delivered its table and names no post of a specialty has none; one whose work was recorded
-- but not for a specialty did none of it: neither is missing.
with deficits as materialized (
    select * from {{ ref('fct_deficits_monthly') }}
    where
        staff_category = 'doctor'
        and region_code is not null
        and extract(month from month) = 12
),

facilities as (
    select * from {{ ref('dim_facilities') }}
),

months as (
    select distinct month from deficits
),

told as (
    select
        facility_id,
        month,
        bool_or(filled_fte is not null) as has_posts,
        bool_or(wisn_shortage_fte is not null) as has_wisn
    from deficits
    group by facility_id, month
),

first_told as (
    select
        facility_id,
        min(month) as month
    from told
    group by facility_id
),

standing as (
    select
        facilities.facility_id,
        months.month,
        coalesce(told.has_posts, false) as has_posts,
        coalesce(told.has_wisn, false) as has_wisn
    from facilities
    inner join first_told on facilities.facility_id = first_told.facility_id
    inner join months on first_told.month < months.month
    left join told on facilities.facility_id = told.facility_id and months.month = told.month
    where
        coalesce(facilities.closed_date, date '9999-12-31') > months.month
        and (facilities.status = 'active' or facilities.closed_date is not null)
),

cells as (
    select
        facility_id,
        specialty_code,
        region_code,
        min(month) as first_month
    from deficits
    group by facility_id, specialty_code, region_code
),

looked_for as (
    select
        cells.facility_id,
        cells.specialty_code,
        cells.region_code,
        standing.month,
        not standing.has_posts or deficits.budget_unknown_filled_fte is not null as is_post_missing,
        deficits.filled_fte is null as is_filled_missing,
        deficits.vacant_fte is null as is_vacant_missing,
        deficits.norm_shortage_fte is null as is_norm_missing,
        deficits.wisn_shortage_fte is null and not standing.has_wisn as is_wisn_missing
    from cells
    inner join standing on cells.facility_id = standing.facility_id and cells.first_month < standing.month
    left join deficits
        on
            cells.facility_id = deficits.facility_id
            and cells.specialty_code = deficits.specialty_code
            and standing.month = deficits.month
),

told_last as (
    select
        looked_for.region_code,
        looked_for.specialty_code,
        looked_for.month,
        arg_max(earlier.filled_fte, earlier.month) filter (
            where looked_for.is_post_missing and looked_for.is_filled_missing
        ) as filled_fte,
        arg_max(earlier.vacant_fte, earlier.month) filter (
            where looked_for.is_post_missing and looked_for.is_vacant_missing
        ) as vacant_fte,
        arg_max(earlier.norm_shortage_fte, earlier.month) filter (
            where looked_for.is_norm_missing
        ) as norm_shortage_fte,
        arg_max(earlier.wisn_shortage_fte, earlier.month) filter (
            where looked_for.is_wisn_missing
        ) as wisn_shortage_fte
    from looked_for
    inner join deficits as earlier
        on
            looked_for.facility_id = earlier.facility_id
            and looked_for.specialty_code = earlier.specialty_code
            and looked_for.month > earlier.month
    where
        (looked_for.is_post_missing and looked_for.is_vacant_missing)
        or (looked_for.is_norm_missing and earlier.norm_shortage_fte is not null)
        or (looked_for.is_wisn_missing and earlier.wisn_shortage_fte is not null)
    group by looked_for.region_code, looked_for.specialty_code, looked_for.month, looked_for.facility_id
),

final as (
    select
        region_code,
        specialty_code,
        month,
        cast(sum(filled_fte) as double) as untold_filled_fte,
        cast(sum(vacant_fte) as double) as untold_vacant_fte,
        {{ steady_sum('norm_shortage_fte') }} as untold_norm_shortage_fte,
        {{ steady_sum('wisn_shortage_fte') }} as untold_wisn_shortage_fte
    from told_last
    group by region_code, specialty_code, month
)

select * from final
