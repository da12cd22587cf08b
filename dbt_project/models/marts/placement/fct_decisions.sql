-- The commission's records on the current campaign and what came of each in the next run. A decision that
-- cannot stand (a closed line, no seat left, a cap) is shown with its reason: it is neither carried out nor
-- lost.
with campaign as (
    select * from {{ ref('int_campaign_current') }}
),

found as (
    select
        row ->> '$.graduate_id' as graduate_key,
        row ->> '$.line_id' as line_id,
        row ->> '$.decision' as decision,
        row ->> '$.reason_code' as reason_code,
        row ->> '$.decided_by' as decided_by,
        cast(row ->> '$.decided_at' as timestamp) as decided_at,
        row ->> '$.effect_code' as effect_code,
        cast(left(row ->> '$.due_on', 10) as date) as due_date,
        cast(left(row ->> '$.answered_on', 10) as date) as answered_date,
        cast(row ->> '$.is_overdue' as boolean) as is_overdue
    from {{ ref('int_campaign_results') }}
    where result_table = 'decisions'
),

graduates as (
    select * from {{ ref('stg_graduates__graduates') }}
),

-- A decision without a line means the one proposed.
present as (
    select
        graduate_key,
        line_id
    from {{ ref('fct_placements') }}
),

lines as (
    select * from {{ ref('int_campaign_lines') }}
),

final as (
    select
        campaign.campaign_id,
        found.graduate_key,
        graduates.university_id,
        coalesce(found.line_id, present.line_id) as line_id,
        lines.facility_id,
        lines.region_code,
        lines.specialty_code,
        found.decision,
        found.reason_code,
        found.decided_by,
        found.decided_at,
        found.effect_code,
        found.due_date,
        found.answered_date,
        found.is_overdue
    from found
    cross join campaign
    left join graduates on found.graduate_key = graduates.graduate_key
    left join present on found.graduate_key = present.graduate_key
    left join lines on coalesce(found.line_id, present.line_id) = lines.line_id
)

select * from final
