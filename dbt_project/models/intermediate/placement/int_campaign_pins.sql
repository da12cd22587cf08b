-- Seats that stand before the run: contracts signed before the campaign, and the commission's own decisions. A
-- later decision replaces an earlier one; more pins than seats keep the earliest, by graduate.
with campaign as (
    select * from {{ ref('int_campaign_current') }}
),

graduates as (
    select * from {{ ref('int_campaign_graduates') }}
),

lines as (
    select * from {{ ref('int_campaign_lines') }}
),

latest_decisions as (
    select decisions.*
    from {{ ref('stg_graduates__placement_decisions') }} as decisions
    inner join campaign on decisions.campaign_id = campaign.campaign_id
    qualify row_number() over (partition by decisions.graduate_key order by decisions.decided_at desc) = 1
),

pins as (
    select
        graduates.graduate_key,
        lines.line_id,
        'CONTRACT' as reason_code
    from graduates
    inner join lines
        on
            graduates.preplaced_facility_id = lines.facility_id
            and graduates.specialty_code = lines.specialty_code
    where graduates.campaign_state = 'preplaced'
    union all
    select
        graduates.graduate_key,
        latest_decisions.line_id,
        upper(latest_decisions.decision) as reason_code
    from latest_decisions
    inner join graduates on latest_decisions.graduate_key = graduates.graduate_key
    inner join lines on latest_decisions.line_id = lines.line_id
    where
        latest_decisions.decision in ('overridden', 'confirmed')
        and graduates.campaign_state = 'active'
),

final as (
    select
        pins.graduate_key,
        pins.line_id,
        pins.reason_code
    from pins
    inner join lines on pins.line_id = lines.line_id
    qualify
        row_number() over (partition by pins.line_id order by pins.reason_code, pins.graduate_key)
        <= max(lines.seats_count) over (partition by pins.line_id)
)

select * from final
