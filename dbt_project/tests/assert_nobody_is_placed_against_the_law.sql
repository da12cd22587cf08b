-- Rural quota: rural only. Local grant: the paying region only. Spouse: the spouse's locality only.
select
    placements.graduate_key,
    placements.line_id
from {{ ref('fct_placements') }} as placements
inner join {{ ref('int_campaign_graduates') }} as graduates
    on placements.graduate_key = graduates.graduate_key
inner join {{ ref('int_campaign_lines') }} as lines on placements.line_id = lines.line_id
where
    placements.state = 'placed'
    and not placements.is_pinned
    and (
        (graduates.is_rural_only and not lines.is_rural)
        or graduates.paying_region_code <> lines.region_code
        or graduates.spouse_locality_kato
        not in (coalesce(lines.settlement_kato, ''), coalesce(lines.district_kato, ''))
    )
