-- Trades that would give each of two to five graduates a line that the own filed list puts higher. A person
-- decides: seats, caps and floors stay as they are, others who stand higher on a line may be passed over.
with campaign as (
    select * from {{ ref('int_campaign_current') }}
),

found as (
    select row
    from {{ ref('int_campaign_results') }}
    where result_table = 'swaps'
),

lines as (
    select * from {{ ref('int_campaign_lines') }}
),

final as (
    select
        campaign.campaign_id,
        cast(found.row ->> '$.cycle_number' as integer) as cycle_number,
        cast(found.row ->> '$.cycle_size' as integer) as cycle_size,
        cast(found.row ->> '$.place_in_cycle' as integer) as place_in_cycle,
        found.row ->> '$.graduate_id' as graduate_key,
        found.row ->> '$.line_id_from' as line_id_from,
        lines_from.facility_id as facility_id_from,
        found.row ->> '$.line_id_to' as line_id_to,
        lines_to.facility_id as facility_id_to,
        lines_to.specialty_code
    from found
    cross join campaign
    left join lines as lines_from on found.row ->> '$.line_id_from' = lines_from.line_id
    left join lines as lines_to on found.row ->> '$.line_id_to' = lines_to.line_id
)

select * from final
