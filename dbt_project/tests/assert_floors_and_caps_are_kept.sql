-- Counted from the placements themselves: no cap is exceeded, and no floor is reported reached that is not.
with placed as (
    select
        placements.line_id,
        lines.specialty_group_code,
        lines.region_code,
        lines.is_rural
    from {{ ref('fct_placements') }} as placements
    inner join {{ ref('int_campaign_lines') }} as lines on placements.line_id = lines.line_id
),

counted as (
    select
        quotas.quota_id,
        quotas.cap_count,
        count(placed.line_id) as placed_count
    from {{ ref('stg_reference__quotas') }} as quotas
    inner join {{ ref('int_campaign_current') }} as campaign on quotas.campaign_id = campaign.campaign_id
    left join placed
        on
            coalesce(quotas.specialty_group_code, placed.specialty_group_code) = placed.specialty_group_code
            and coalesce(quotas.region_code, placed.region_code) = placed.region_code
            and coalesce(quotas.is_rural, placed.is_rural) = placed.is_rural
    group by quotas.quota_id, quotas.cap_count
)

select
    counted.quota_id,
    counted.placed_count,
    counted.cap_count,
    floors.got_count
from counted
inner join {{ ref('fct_floor_results') }} as floors on counted.quota_id = floors.quota_id
where
    counted.placed_count > counted.cap_count
    or counted.placed_count <> floors.got_count
