with posts as (
    select * from {{ ref('fct_posts_monthly') }}
),

facilities as (
    select * from {{ ref('dim_facilities') }}
),

totals as (
    select
        facility_id,
        month,
        case when count(budgeted_fte) = count(*) then sum(budgeted_fte) end as budgeted_fte
    from posts
    group by facility_id, month
),

months as (
    select distinct month from totals
),

-- Where established posts are unknown in either month nothing is compared.
-- Only neighbours: from one December to the next a facility may well shrink.
neighbours as (
    select
        later.month,
        earlier.month as earlier_month
    from months as later
    inner join months as earlier
        on cast(later.month - interval '1 month' as date) = earlier.month
),

compared as (
    select
        earlier.facility_id,
        neighbours.month,
        neighbours.earlier_month,
        later.facility_id is not null as has_arrived,
        later.budgeted_fte,
        earlier.budgeted_fte as earlier_budgeted_fte,
        1
        - case when later.facility_id is null then 0 else later.budgeted_fte end
        / cast(earlier.budgeted_fte as double) as shrinkage_share
    from neighbours
    inner join totals as earlier on neighbours.earlier_month = earlier.month
    left join totals as later
        on
            neighbours.month = later.month
            and earlier.facility_id = later.facility_id
),

final as (
    select
        compared.facility_id,
        facilities.region_code,
        cast(coalesce(compared.budgeted_fte, 0) as decimal(12, 2)) as budgeted_fte,
        cast(compared.earlier_budgeted_fte as decimal(12, 2)) as earlier_budgeted_fte,
        compared.shrinkage_share,
        case
            when not compared.has_arrived then 'The staffing table did not arrive.'
            else
                'From ' || cast(compared.earlier_budgeted_fte as varchar) || ' to '
                || cast(compared.budgeted_fte as varchar) || ' established posts.'
        end as explanation,
        compared.month,
        compared.earlier_month
    from compared
    left join facilities on compared.facility_id = facilities.facility_id
    where
        compared.shrinkage_share > {{ var('shrinkage_limit') }}
        and coalesce(facilities.closed_date, date '9999-12-31') > last_day(compared.month)
)

select * from final
