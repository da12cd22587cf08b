-- The first proposal and the run after each day of decisions, each computed anew from the records.
with campaign as (
    select * from {{ ref('int_campaign_current') }}
),

runs as (
    select row
    from {{ ref('int_campaign_results') }}
    where result_table = 'runs'
),

final as (
    select
        campaign.campaign_id,
        cast(runs.row ->> '$.run_number' as integer) as run_number,
        cast(left(runs.row ->> '$.decided_on', 10) as date) as decided_date,
        cast(runs.row ->> '$.pinned_count' as integer) as pinned_count,
        cast(runs.row ->> '$.held_count' as integer) as held_count,
        cast(runs.row ->> '$.left_count' as integer) as left_count
    from runs
    cross join campaign
)

select * from final
