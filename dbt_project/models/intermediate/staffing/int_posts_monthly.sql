-- Posts of every facility, specialty, position and month: keys and numbers only. Names of areas and
-- categories are joined by `fct_posts_monthly` when it is read, because writing them for every month of the
-- history took half of the time.
{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        pre_hook="{{ forget_months('posts_fingerprint') }}",
        post_hook="{{ write_ledger('posts_fingerprint') }}",
    )
}}
{%- set counted = months_to_count('posts_fingerprint') %}

with months as (
    {{ months_as_rows(counted) }}
),

-- Quarter posts are exact as doubles; a sum of decimals takes twice the time and memory.
counted as (
    select
        facility_id,
        specialty_code,
        position_code,
        cast(budgeted_fte as double) as budgeted_fte,
        cast(filled_fte as double) as filled_fte,
        cast(persons_count as double) as persons_count,
        is_funded,
        has_housing,
        vacant_since_date,
        month
    from {{ ref('stg_registry__staff_posts') }}
    where {{ among_months('month', counted) }}
),

-- By line: a department with too many hides no vacancy in another.
lines as (
    select
        *,
        {{ shortfall('budgeted_fte', 'filled_fte') }} as vacant_fte,
        {{ shortfall('filled_fte', 'budgeted_fte') }} as overfilled_fte,
        {{ shortfall('filled_fte', 'persons_count') }} as combined_fte
    from counted
),

posts as (
    select
        facility_id,
        specialty_code,
        position_code,
        month,
        sum(budgeted_fte) as budgeted_fte,
        sum(filled_fte) as filled_fte,
        sum(vacant_fte) as vacant_fte,
        sum(overfilled_fte) as overfilled_fte,
        sum(case when is_funded then vacant_fte else 0 end) as funded_vacant_fte,
        sum(case when is_funded is null then vacant_fte else 0 end) as funding_unknown_vacant_fte,
        sum(case when has_housing then vacant_fte else 0 end) as housed_vacant_fte,
        sum(combined_fte) as combined_fte,
        sum(persons_count) as persons_count,
        count(*) as lines_count,
        -- A sum over lines of which one is blank is blank.
        count(budgeted_fte) = count(*) as is_budget_known,
        coalesce(sum(filled_fte) filter (where budgeted_fte is null), 0) as budget_unknown_filled_fte,
        min(vacant_since_date) filter (where vacant_fte > 0) as vacant_since_date
    from lines
    group by facility_id, specialty_code, position_code, month
),

final as (
    select
        posts.facility_id,
        posts.specialty_code,
        posts.position_code,
        {{ if_budget_known('budgeted_fte') }} as budgeted_fte,
        cast(posts.filled_fte as decimal(12, 2)) as filled_fte,
        {{ if_budget_known('vacant_fte') }} as vacant_fte,
        {{ if_budget_known('overfilled_fte') }} as overfilled_fte,
        {{ if_budget_known('funded_vacant_fte') }} as funded_vacant_fte,
        {{ if_budget_known('funding_unknown_vacant_fte') }} as funding_unknown_vacant_fte,
        {{ if_budget_known('housed_vacant_fte') }} as housed_vacant_fte,
        cast(posts.budget_unknown_filled_fte as decimal(12, 2)) as budget_unknown_filled_fte,
        cast(posts.combined_fte as decimal(12, 2)) as combined_fte,
        cast(posts.persons_count as bigint) as persons_count,
        posts.lines_count,
        posts.vacant_since_date,
        posts.month,
        months.input_fingerprint
    from posts
    inner join months on posts.month = months.month
)

select * from final
