-- A placement is a proposal until the commission confirms it. Who was let off shows as exempt, without the
-- ground.
with graduates as (
    select * from {{ ref('int_campaign_graduates') }}
),

results as (
    select
        row ->> '$.graduate_id' as graduate_key,
        row ->> '$.line_id' as line_id,
        row ->> '$.source' as placement_source,
        cast(row ->> '$.score' as double) as score
    from {{ ref('int_campaign_results') }}
    where result_table = 'placements'
),

options as (
    select * from {{ ref('int_campaign_options') }}
),

-- The last decision about each graduate, as far as it stands.
decisions as (
    select
        row ->> '$.graduate_id' as graduate_key,
        row ->> '$.decision' as decision,
        row ->> '$.effect_code' as effect_code,
        cast(row ->> '$.decided_at' as timestamp) as decided_at
    from {{ ref('int_campaign_results') }}
    where result_table = 'decisions' and (row ->> '$.effect_code') in ('PINNED', 'LEFT', 'BARRED', 'HELD')
    qualify
        row_number() over (
            partition by row ->> '$.graduate_id' order by cast(row ->> '$.decided_at' as timestamp) desc
        ) = 1
),

listed as (
    select distinct graduate_key from options
    where wish_rank is not null
),

lines as (
    select * from {{ ref('int_campaign_lines') }}
),

facilities as (
    select * from {{ ref('dim_facilities') }}
),

final as (
    select
        graduates.campaign_id,
        graduates.graduate_key,
        graduates.university_id,
        graduates.programme_code,
        graduates.specialty_code,
        lines.specialty_code as line_specialty_code,
        graduates.study_basis,
        case
            when graduates.campaign_state = 'preplaced' then 'placed_by_contract'
            when graduates.campaign_state <> 'active' then graduates.campaign_state
            when decisions.effect_code = 'LEFT' then 'refused'
            when results.line_id is not null then 'placed'
            else 'unplaced'
        end as state,
        results.line_id,
        coalesce(
            lines.facility_id,
            case when graduates.campaign_state = 'preplaced' then graduates.preplaced_facility_id end
        ) as facility_id,
        facilities.region_code,
        facilities.district_kato,
        facilities.settlement,
        case
            when decisions.effect_code = 'LEFT' then 'REFUSED_BY_GRADUATE'
            when
                graduates.campaign_state = 'active'
                and results.line_id is null
                and listed.graduate_key is null
                then 'EMPTY_LIST'
            when graduates.campaign_state = 'active' and results.line_id is null then 'ALL_OPTIONS_REFUSED'
        end as unplaced_reason_code,
        cast(options.wish_rank as integer) as own_rank,
        results.score,
        coalesce(options.is_from_tail, false) as is_from_tail,
        coalesce(results.placement_source = 'override', false) as is_pinned,
        decisions.decision,
        cast(decisions.decided_at as date) as decided_date
    from graduates
    left join results on graduates.graduate_key = results.graduate_key
    left join lines on results.line_id = lines.line_id
    left join facilities
        on
            coalesce(
                lines.facility_id,
                case when graduates.campaign_state = 'preplaced' then graduates.preplaced_facility_id end
            ) = facilities.facility_id
    left join options
        on graduates.graduate_key = options.graduate_key and results.line_id = options.line_id
    left join decisions on graduates.graduate_key = decisions.graduate_key
    left join listed on graduates.graduate_key = listed.graduate_key
    -- Where no post was delivered there was no campaign to be left without a place in.
    where
        graduates.campaign_state <> 'active'
        or exists (select 1 from {{ ref('int_campaign_results') }})
)

select * from final
