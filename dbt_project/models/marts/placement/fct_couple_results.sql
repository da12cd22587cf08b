-- Where each couple ended: together in the locality that the strike-off rule reached, or each alone.
with campaign as (
    select * from {{ ref('int_campaign_current') }}
),

found as (
    select row
    from {{ ref('int_campaign_results') }}
    where result_table = 'couples'
),

final as (
    select
        campaign.campaign_id,
        found.row ->> '$.couple_id' as couple_key,
        cast(found.row ->> '$.entry' as integer) as entry_number,
        found.row ->> '$.entry_name' as district_kato,
        cast(found.row ->> '$.is_together' as boolean) as is_together,
        found.row ->> '$.line_id_1' as line_id_1,
        found.row ->> '$.line_id_2' as line_id_2
    from found
    cross join campaign
)

select * from final
