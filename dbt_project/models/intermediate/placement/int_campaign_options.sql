-- Every contract (graduate, line) of the campaign: the filed list, then the published tail, because a duty
-- to serve needs a place for everyone: the lines of the home region, then all others, the greatest vacancy
-- first, then by id. Couples' lists go on as those of singles do. Each contract with the first legal ground
-- that bars it, in the published order, and its points by the present rules and by those of the campaign
-- before.
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

points as (
    select
        rules.criterion,
        coalesce(max(rules.points) filter (where rules.rule_version = campaign.rule_version), 0) as points,
        coalesce(max(rules.points) filter (where rules.rule_version = campaign.rule_version_before), 0)
            as points_before
    from {{ ref('stg_reference__priority_rules') }} as rules
    cross join campaign
    group by rules.criterion
),

-- One row, so that each pair is joined to it once.
criteria as (
    select
        {{ criterion_points('spouse_locality') }} as spouse_locality_points,
        {{ criterion_points('spouse_locality', '_before') }} as spouse_locality_points_before,
        {{ criterion_points('home_region') }} as home_region_points,
        {{ criterion_points('home_region', '_before') }} as home_region_points_before,
        {{ criterion_points('rural_home') }} as rural_home_points,
        {{ criterion_points('rural_home', '_before') }} as rural_home_points_before,
        {{ criterion_points('state_language') }} as state_language_points,
        {{ criterion_points('state_language', '_before') }} as state_language_points_before,
        {{ criterion_points('merit') }} as merit_points,
        {{ criterion_points('merit', '_before') }} as merit_points_before,
        {{ criterion_points('study_in_region') }} as study_in_region_points,
        {{ criterion_points('study_in_region', '_before') }} as study_in_region_points_before
    from points
),

pairs as (
    select
        graduates.campaign_id,
        graduates.graduate_key,
        lines.line_id,
        lines.vacant_fte,
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
            else ''
        end as exclusion_code,
        coalesce(graduates.merit_score, 0) / 100 as merit,
        coalesce(graduates.spouse_locality_kato in (lines.settlement_kato, lines.district_kato), false)
            as spouse_locality,
        coalesce(graduates.home_region_code = lines.region_code, false) as home_region,
        coalesce(graduates.home_settlement = 'rural', false) and lines.is_rural as rural_home,
        coalesce(graduates.language in ('kk', 'both'), false) as state_language,
        coalesce(graduates.study_region_code = lines.region_code, false) as study_in_region
    from graduates
    inner join compatible on graduates.programme_code = compatible.programme_code
    inner join lines on compatible.specialty_code = lines.specialty_code
    left join wishes
        on graduates.graduate_key = wishes.graduate_key and lines.line_id = wishes.line_id
),

final as (
    select
        pairs.campaign_id,
        pairs.graduate_key,
        pairs.line_id,
        pairs.wish_rank,
        pairs.listed_rank is null as is_from_tail,
        pairs.exclusion_code,
        {{ campaign_points() }} as score,
        {{ campaign_points('_before') }} as score_before,
        row_number() over (
            partition by pairs.graduate_key
            order by
                pairs.listed_rank asc nulls last,
                pairs.home_region desc,
                pairs.vacant_fte desc,
                pairs.line_id asc
        ) as option_rank
    from pairs
    cross join criteria
    where pairs.listed_rank is not null or pairs.exclusion_code = ''
)

select * from final
