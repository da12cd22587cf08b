-- Quotas of the current campaign, and of the one before it, as scopes of lines: the columns that name the
-- scope, joined by a bar.
with campaign as (
    select * from {{ ref('int_campaign_current') }}
),

quotas as (
    select * from {{ ref('stg_reference__quotas') }}
),

final as (
    select
        quotas.campaign_id,
        quotas.quota_id,
        concat_ws(
            '|',
            case when quotas.specialty_group_code is not null then 'specialty_group_code' end,
            case when quotas.region_code is not null then 'region_code' end,
            case when quotas.is_rural is not null then 'is_rural' end
        ) as scope_column,
        concat_ws(
            '|', quotas.specialty_group_code, quotas.region_code, cast(quotas.is_rural as varchar)
        ) as scope_value,
        quotas.campaign_id <> campaign.campaign_id as is_last_year,
        quotas.floor_count,
        quotas.cap_count
    from quotas
    inner join campaign on quotas.campaign_id in (campaign.campaign_id, campaign.campaign_id_before)
    where
        quotas.specialty_group_code is not null
        or quotas.region_code is not null
        or quotas.is_rural is not null
)

select * from final
