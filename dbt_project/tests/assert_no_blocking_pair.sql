-- Justified envy and unexplained waste, recomputed without the engine from options, placements and quotas.
-- Envy: a graduate ranks a lawful line above the result, and the line holds somebody with fewer points who
-- was not put there by a decision or a held post. Waste: the line has an empty seat, and no cap or floor of
-- a scope that could keep it so is binding.
with options as (
    select * from {{ ref('int_campaign_options') }}
    where exclusion_code = ''
),

-- Posts that a person decided or that are held from an earlier run stand above points; pairs refused by an
-- employer and graduates who left are out.
decided as (
    select
        row ->> '$.graduate_id' as graduate_key,
        row ->> '$.line_id' as line_id,
        row ->> '$.effect_code' as effect_code
    from {{ ref('int_campaign_results') }}
    where result_table = 'decisions'
),

runs as (
    select max(run_number) as runs_count from {{ ref('fct_runs') }}
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
    left join decided
        on
            options.graduate_key = decided.graduate_key
            and options.line_id = decided.line_id
            and decided.effect_code = 'BARRED'
    where
        options.option_rank < coalesce(results.option_rank, 1000000)
        and decided.graduate_key is null
),

-- After a first run every post held is guaranteed, so points say nothing about who may keep it.
held as (
    select
        placed.line_id,
        min(placed.score) filter (where not placed.is_pinned and runs.runs_count = 1) as lowest_score,
        count(*) as filled_count
    from {{ ref('fct_placements') }} as placed
    cross join runs
    where placed.line_id is not null
    group by placed.line_id
),

lines as (
    select * from {{ ref('int_campaign_lines') }}
),

-- Groups of lines that graduates can move among: a floor inside can keep a seat empty only there.
scoped as (
    select
        lines.line_id,
        lines.specialty_group_code,
        floors.cap_count is not null and floors.got_count >= floors.cap_count as is_cap_reached,
        floors.is_binding and coalesce(floors.floor_count, 0) > 0 as is_floor_tight
    from lines
    inner join {{ ref('fct_floor_results') }} as floors
        on
            (
                not contains(floors.scope_column, 'region_code')
                or contains('|' || floors.scope_value || '|', '|' || lines.region_code || '|')
            )
            and (
                not contains(floors.scope_column, 'specialty_group_code')
                or contains('|' || floors.scope_value || '|', '|' || lines.specialty_group_code || '|')
            )
            and (not contains(floors.scope_column, 'is_rural') or lines.is_rural)
),

capped as (
    select distinct line_id from scoped
    where is_cap_reached
),

tight as (
    select distinct specialty_group_code from scoped
    where is_floor_tight
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
        and wanted.line_id not in (select capped.line_id from capped)
        and lines.specialty_group_code not in (select tight.specialty_group_code from tight)
    )
