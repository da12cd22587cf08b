-- The same draws of people and fates under each rule, so that only the rule differs.
with campaign as (
    select * from {{ ref('int_campaign_current') }}
),

years as (
    select row
    from {{ ref('int_campaign_policy') }}
    where result_table = 'years_ahead'
),

final as (
    select
        campaign.campaign_id,
        years.row ->> '$.rule' as rule_code,
        cast(years.row ->> '$.year' as integer) as year_number,
        cast(years.row ->> '$.graduates_count' as integer) as graduates_count,
        cast(years.row ->> '$.placed_count' as integer) as placed_count,
        cast(years.row ->> '$.refused_count' as integer) as refused_count,
        cast(years.row ->> '$.first_choice_share' as double) as first_choice_share,
        cast(years.row ->> '$.in_service_count' as integer) as in_service_count,
        cast(years.row ->> '$.stayed_after_count' as integer) as stayed_after_count,
        cast(years.row ->> '$.left_count' as integer) as left_count,
        cast(years.row ->> '$.vacant_count' as integer) as vacant_count,
        cast(years.row ->> '$.rural_vacant_count' as integer) as rural_vacant_count
    from years
    cross join campaign
)

select * from final
