with rollups as (
    select * from {{ ref('fct_deficit_rollups') }}
),

-- The latest month against every year before it; regions and the nation in every month against the
-- year before.
later_months as (
    select * from rollups
    where
        level <> 'district'
        or month = (select max(latest.month) from rollups as latest)
),

final as (
    select
        later.level,
        later.area_code,
        later.region_code,
        later.split,
        later.specialty_code,
        later.specialty_group_code,
        later.care_level,
        later.ownership,
        later.settlement,
        later.staff_category,
        cast(extract(year from later.month) - extract(year from earlier.month) as integer)
            as years_apart_count,
        later.vacant_fte,
        earlier.vacant_fte as earlier_vacant_fte,
        cast(later.vacant_fte - earlier.vacant_fte as decimal(14, 2)) as vacant_change_fte,
        later.norm_shortage_fte - earlier.norm_shortage_fte as norm_shortage_change_fte,
        later.wisn_shortage_fte - earlier.wisn_shortage_fte as wisn_shortage_change_fte,
        later.month,
        earlier.month as earlier_month
    from later_months as later
    inner join rollups as earlier
        on
            later.area_code = earlier.area_code
            and later.level = earlier.level
            and later.region_code is not distinct from earlier.region_code
            and later.split = earlier.split
            and later.specialty_code = earlier.specialty_code
            and later.specialty_group_code = earlier.specialty_group_code
            and later.care_level = earlier.care_level
            and later.ownership = earlier.ownership
            and later.settlement = earlier.settlement
            and later.staff_category = earlier.staff_category
            and later.month > earlier.month
            and {{ same_calendar_month('later.month', 'earlier.month') }}
    where
        later.month = (select max(latest.month) from rollups as latest)
        or (
            later.level <> 'district'
            and extract(year from later.month) - extract(year from earlier.month) = 1
        )
)

select * from final
