-- After each run on decisions: whoever was placed and neither refused nor was decided elsewhere keeps the
-- post or a better one of the own list.
select
    moved.graduate_key,
    moved.change
from {{ ref('fct_run_diff') }} as moved
left join {{ ref('fct_decisions') }} as decisions
    on
        moved.graduate_key = decisions.graduate_key
        and decisions.effect_code in ('PINNED', 'BARRED', 'LEFT')
where
    moved.comparison = 'previous_run'
    and moved.change in ('lost', 'worse', 'left')
    and decisions.graduate_key is null
