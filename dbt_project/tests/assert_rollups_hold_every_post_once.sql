-- At every level and split the latest month's posts add up to those of the facilities.
with facilities as (
    select
        month,
        sum(budgeted_fte) as budgeted_fte,
        sum(vacant_fte) as vacant_fte
    from {{ ref('fct_deficits_monthly') }}
    where month = (select as_of.as_of_month from {{ ref('int_as_of') }} as as_of)
    group by month
),

rollups as (
    select
        level,
        split,
        month,
        sum(budgeted_fte) as budgeted_fte,
        sum(vacant_fte) as vacant_fte
    from {{ ref('fct_deficit_rollups') }}
    group by level, split, month
)

select
    rollups.level,
    rollups.split,
    rollups.budgeted_fte,
    facilities.budgeted_fte as facilities_budgeted_fte
from rollups
inner join facilities on rollups.month = facilities.month
where
    rollups.budgeted_fte <> facilities.budgeted_fte
    or rollups.vacant_fte <> facilities.vacant_fte
