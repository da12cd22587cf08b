-- Justified envy, recomputed without the engine: a graduate ranks a lawful line above the result, and the line holds
-- somebody with fewer points or has an empty seat, and no quota binds there.
with options as (
    select * from {{ ref('int_campaign_options') }}
    where exclusion_code = ''
),

placements as (
    select * from {{ ref('fct_placements') }}
    where state in ('placed', 'unplaced') and not is_pinned
),

couples as (
    select graduate_key from {{ ref('int_campaign_graduates') }}
    where couple_key is not null
),

results as (
    select
        placements.graduate_key,
        options.option_rank
    from placements
    left join options
        on placements.graduate_key = options.graduate_key and placements.line_id = options.line_id
    where placements.graduate_key not in (select couples.graduate_key from couples)
),

wanted as (
    select
        options.graduate_key,
        options.line_id,
        options.score
    from results
    inner join options on results.graduate_key = options.graduate_key
    where options.option_rank < coalesce(results.option_rank, 1000000)
),

held as (
    select
        line_id,
        min(score) filter (where not is_pinned) as lowest_score,
        count(*) as filled_count
    from {{ ref('fct_placements') }}
    where line_id is not null
    group by line_id
),

lines as (
    select * from {{ ref('int_campaign_lines') }}
),

bound_regions as (
    select distinct lines.line_id
    from lines
    inner join {{ ref('fct_floor_results') }} as floors
        on
            floors.is_binding
            and (
                contains(floors.scope_column, 'region_code') = false
                or contains(floors.scope_value, lines.region_code)
            )
)

select
    wanted.graduate_key,
    wanted.line_id,
    wanted.score,
    held.lowest_score
from wanted
inner join lines on wanted.line_id = lines.line_id
left join held on wanted.line_id = held.line_id
where
    -- On one line fewer points never stand before more, whatever the quotas.
    wanted.score > held.lowest_score
    -- An empty seat may only be refused where a quota binds.
    or (
        coalesce(held.filled_count, 0) < lines.seats_count
        and wanted.line_id not in (select bound_regions.line_id from bound_regions)
        and not exists (
            select 1 from {{ ref('fct_floor_results') }} as reserved
            where reserved.is_binding and coalesce(reserved.floor_count, 0) > 0
        )
    )
