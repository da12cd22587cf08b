-- The commission's records on the current campaign, as they feed its next runs.
with campaign as (
    select * from {{ ref('int_campaign_current') }}
),

decisions as (
    select * from {{ ref('stg_graduates__placement_decisions') }}
),

final as (
    select
        decisions.graduate_key,
        decisions.line_id,
        decisions.decision,
        decisions.reason_code,
        decisions.decided_by,
        decisions.decided_at
    from decisions
    inner join campaign on decisions.campaign_id = campaign.campaign_id
)

select * from final
