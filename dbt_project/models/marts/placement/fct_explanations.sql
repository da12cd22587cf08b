-- Why each listed option above the result was not given: by the law (an exclusion code), or by the match.
with placements as (
    select * from {{ ref('fct_placements') }}
    where state in ('placed', 'unplaced')
),

barred as (
    select distinct
        row ->> '$.graduate_id' as graduate_key,
        row ->> '$.line_id' as line_id
    from {{ ref('int_campaign_results') }}
    where result_table = 'decisions' and (row ->> '$.effect_code') = 'BARRED'
),

options as (
    select
        options.* replace (
            case
                when
                    options.exclusion_code = '' and barred.graduate_key is not null
                    then 'REFUSED_BY_EMPLOYER'
                else options.exclusion_code
            end as exclusion_code
        )
    from {{ ref('int_campaign_options') }} as options
    left join barred on options.graduate_key = barred.graduate_key and options.line_id = barred.line_id
    where options.wish_rank is not null
),

lines as (
    select * from {{ ref('int_campaign_lines') }}
),

compatible as (
    select * from {{ ref('programme_compatibility') }}
),

facilities as (
    select * from {{ ref('dim_facilities') }}
),

found as (
    select
        row ->> '$.graduate_id' as graduate_key,
        row ->> '$.line_id' as line_id,
        row ->> '$.reason_code' as reason_code,
        row ->> '$.detail' as scope,
        cast(row ->> '$.own_score' as double) as own_score,
        cast(row ->> '$.cut_off_score' as double) as cutoff_score,
        cast(row ->> '$.own_draw' as integer) as own_draw,
        cast(row ->> '$.cut_off_draw' as integer) as cutoff_draw
    from {{ ref('int_campaign_results') }}
    where result_table = 'explanations' and (row ->> '$.line_id') is not null
),

result_ranks as (
    select
        placements.graduate_key,
        options.option_rank,
        placements.own_rank
    from placements
    left join options
        on placements.graduate_key = options.graduate_key and placements.line_id = options.line_id
),

matched as (
    select
        placements.campaign_id,
        placements.graduate_key,
        placements.university_id,
        cast(options.option_rank as integer) as option_rank,
        cast(options.wish_rank as integer) as wish_rank,
        lines.line_id,
        lines.facility_id,
        lines.region_code,
        lines.specialty_code,
        case when options.exclusion_code <> '' then 'NOT_ELIGIBLE' else found.reason_code end as reason_code,
        nullif(options.exclusion_code, '') as exclusion_code,
        nullif(found.scope, '') as scope,
        coalesce(found.own_score, options.score) as own_score,
        found.cutoff_score,
        found.own_draw,
        found.cutoff_draw
    from placements
    inner join options on placements.graduate_key = options.graduate_key
    inner join lines on options.line_id = lines.line_id
    left join found
        on options.graduate_key = found.graduate_key and options.line_id = found.line_id
    left join result_ranks on placements.graduate_key = result_ranks.graduate_key
    where
        options.option_rank < coalesce(result_ranks.option_rank, 1000000)
        and (found.reason_code is not null or options.exclusion_code <> '')
),

-- Wishes that meant no line at all: no vacancy of the graduate's specialties was opened there.
unopened as (
    select
        placements.campaign_id,
        placements.graduate_key,
        placements.university_id,
        wishes.rank as wish_rank,
        wishes.facility_id,
        coalesce(wishes.region_code, facilities.region_code) as region_code,
        placements.specialty_code
    from placements
    inner join
        {{ ref('stg_graduates__preferences') }} as wishes
        on placements.graduate_key = wishes.graduate_key
    inner join result_ranks on placements.graduate_key = result_ranks.graduate_key
    left join facilities on wishes.facility_id = facilities.facility_id
    where
        wishes.rank < coalesce(result_ranks.own_rank, 1000000)
        and not exists (
            select 1
            from lines
            inner join compatible on lines.specialty_code = compatible.specialty_code
            where
                compatible.programme_code = placements.programme_code
                and (lines.facility_id = wishes.facility_id or lines.region_code = wishes.region_code)
        )
),

final as (
    select * from matched
    union all
    select
        campaign_id,
        graduate_key,
        university_id,
        null as option_rank,
        cast(wish_rank as integer) as wish_rank,
        null as line_id,
        facility_id,
        region_code,
        specialty_code,
        'CLOSED' as reason_code,
        null as exclusion_code,
        null as scope,
        null as own_score,
        null as cutoff_score,
        null as own_draw,
        null as cutoff_draw
    from unopened
)

select * from final
