-- Coverage of the bound against wishes met, as floors rise; the present choice is a row of its own.
with campaign as (
    select * from {{ ref('int_campaign_current') }}
),

steps as (
    select
        row_number,
        cast(row ->> '$.floor_share' as double) as floor_share,
        cast(row ->> '$.floor_seats' as integer) as floor_seats_count,
        cast(row ->> '$.coverage_share' as double) as coverage_share,
        cast(row ->> '$.first_choice_share' as double) as first_choice_share,
        cast(row ->> '$.mean_rank' as double) as mean_rank,
        cast(row ->> '$.unplaced_count' as integer) as unplaced_count,
        cast(row ->> '$.is_present' as boolean) as is_present
    from {{ ref('int_campaign_policy') }}
    where result_table = 'frontier'
),

final as (
    select
        campaign.campaign_id,
        cast(steps.row_number as integer) as step_number,
        steps.floor_share,
        steps.floor_seats_count,
        steps.coverage_share,
        steps.first_choice_share,
        steps.mean_rank,
        steps.unplaced_count,
        steps.is_present
    from steps
    cross join campaign
)

select * from final
