-- Every contract (graduate, line) of the campaign: the filed list, then the published tail, because a duty to serve
-- needs a place for everyone: every line of the home region, then the lines with the greatest vacancies elsewhere
-- (`campaign_tail_lines`), by vacancy and then by id. A couple's tail ends with its home region, so that two lists
-- are not walked locality by locality through the whole country. Each contract with the first legal ground that
-- bars it, in the published order, and the points of the priority rules.
with campaign as (
    select * from {{ ref('int_campaign_current') }}
),

graduates as (
    select * from {{ ref('int_campaign_graduates') }}
    where campaign_state = 'active'
),

lines as (
    select * from {{ ref('int_campaign_lines') }}
),

compatible as (
    select * from {{ ref('programme_compatibility') }}
),

wishes as (
    select * from {{ ref('int_campaign_wishes') }}
),

refusals as (
    select distinct
        decisions.graduate_key,
        decisions.line_id,
        decisions.decision
    from {{ ref('stg_graduates__placement_decisions') }} as decisions
    inner join campaign on decisions.campaign_id = campaign.campaign_id
    where decisions.decision in ('refused_by_graduate', 'refused_by_employer')
),

points as (
    select
        max(points) filter (where criterion = 'spouse_locality') as spouse_locality_points,
        max(points) filter (where criterion = 'home_region') as home_region_points,
        max(points) filter (where criterion = 'rural_home') as rural_home_points,
        max(points) filter (where criterion = 'state_language') as state_language_points,
        max(points) filter (where criterion = 'merit') as merit_points,
        max(points) filter (where criterion = 'study_in_region') as study_in_region_points
    from {{ ref('stg_reference__priority_rules') }} as rules
    inner join campaign on rules.rule_version = campaign.rule_version
),

pairs as (
    select
        graduates.campaign_id,
        graduates.graduate_key,
        lines.line_id,
        wishes.wish_rank,
        wishes.option_rank as listed_rank,
        case
            when graduates.is_rural_only and not lines.is_rural then 'RURAL_ONLY'
            when graduates.paying_region_code <> lines.region_code then 'PAYING_REGION'
            when
                graduates.spouse_locality_kato is not null
                and graduates.spouse_locality_kato
                not in (coalesce(lines.settlement_kato, ''), coalesce(lines.district_kato, ''))
                then 'SPOUSE_LOCALITY'
            when refusals.decision is not null then upper(refusals.decision)
            else ''
        end as exclusion_code,
        coalesce(points.merit_points, 0) * coalesce(graduates.merit_score, 0) / 100
        + case
            when graduates.spouse_locality_kato in (lines.settlement_kato, lines.district_kato)
                then coalesce(points.spouse_locality_points, 0)
            else 0
        end
        + case
            when graduates.home_region_code = lines.region_code then coalesce(points.home_region_points, 0)
            else 0
        end
        + case
            when graduates.home_settlement = 'rural' and lines.is_rural
                then coalesce(points.rural_home_points, 0)
            else 0
        end
        + case
            when graduates.language in ('kk', 'both') then coalesce(points.state_language_points, 0)
            else 0
        end
        + case
            when graduates.study_region_code = lines.region_code
                then coalesce(points.study_in_region_points, 0)
            else 0
        end as score,
        graduates.home_region_code = lines.region_code as is_home_region,
        graduates.couple_key is not null as is_couple,
        lines.vacant_fte
    from graduates
    inner join compatible on graduates.programme_code = compatible.programme_code
    inner join lines on compatible.specialty_code = lines.specialty_code
    left join wishes
        on graduates.graduate_key = wishes.graduate_key and lines.line_id = wishes.line_id
    left join refusals
        on graduates.graduate_key = refusals.graduate_key and lines.line_id = refusals.line_id
    cross join points
),

ranked as (
    select
        *,
        row_number() over (
            partition by graduate_key, coalesce(is_home_region, false), listed_rank is null
            order by vacant_fte desc, line_id asc
        ) as place_in_tail
    from pairs
    where listed_rank is not null or exclusion_code = ''
),

final as (
    select
        campaign_id,
        graduate_key,
        line_id,
        wish_rank,
        listed_rank is null as is_from_tail,
        exclusion_code,
        score,
        row_number() over (
            partition by graduate_key
            order by
                listed_rank asc nulls last,
                is_home_region desc nulls last,
                vacant_fte desc,
                line_id asc
        ) as option_rank
    from ranked
    where
        listed_rank is not null
        or is_home_region
        or (not is_couple and place_in_tail <= {{ var('campaign_tail_lines') }})
)

select * from final
