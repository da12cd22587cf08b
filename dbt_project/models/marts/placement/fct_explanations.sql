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
        options.option_rank
    from placements
    left join options
        on placements.graduate_key = options.graduate_key and placements.line_id = options.line_id
),

final as (
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
)

select * from final
