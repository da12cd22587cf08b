-- The three deficits of every facility, specialty and month side by side: keys and numbers only. Areas,
-- kinds and acts are joined by `fct_deficits_monthly` when it is read.
{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        pre_hook="{{ forget_months('needs_fingerprint') }}",
        post_hook="{{ write_ledger('needs_fingerprint') }}",
    )
}}
{%- set counted = months_to_count('needs_fingerprint') %}

with months as (
    {{ months_as_rows(counted) }}
),

posts as (
    select * from {{ ref('int_posts_monthly') }}
    where {{ among_months('month', counted) }}
),

norm_needs as (
    select * from {{ ref('int_norm_needs_monthly') }}
    where {{ among_months('month', counted) }}
),

wisn_needs as (
    select * from {{ ref('int_wisn_monthly') }}
    where {{ among_months('month', counted) }}
),

summed as (
    select
        facility_id,
        specialty_code,
        month,
        sum(cast(budgeted_fte as double)) as budgeted_fte,
        sum(cast(filled_fte as double)) as filled_fte,
        sum(cast(vacant_fte as double)) as vacant_fte,
        sum(cast(overfilled_fte as double)) as overfilled_fte,
        sum(cast(funded_vacant_fte as double)) as funded_vacant_fte,
        sum(cast(housed_vacant_fte as double)) as housed_vacant_fte,
        sum(cast(budget_unknown_filled_fte as double)) as budget_unknown_filled_fte,
        sum(cast(combined_fte as double)) as combined_fte,
        sum(cast(persons_count as double)) as persons_count,
        count(budgeted_fte) = count(*) as is_budget_known
    from posts
    group by facility_id, specialty_code, month
),

posts_by_specialty as (
    select
        summed.facility_id,
        summed.specialty_code,
        summed.month,
        {{ if_budget_known('budgeted_fte', 'summed') }} as budgeted_fte,
        summed.filled_fte,
        {{ if_budget_known('vacant_fte', 'summed') }} as vacant_fte,
        {{ if_budget_known('overfilled_fte', 'summed') }} as overfilled_fte,
        {{ if_budget_known('funded_vacant_fte', 'summed') }} as funded_vacant_fte,
        {{ if_budget_known('housed_vacant_fte', 'summed') }} as housed_vacant_fte,
        summed.budget_unknown_filled_fte,
        summed.combined_fte,
        summed.persons_count
    from summed
),

wisn_by_specialty as (
    select
        facility_id,
        specialty_code,
        month,
        -- Positions of one specialty may differ; the row tells of the one that is known best.
        min(case data_status
            when 'complete' then 1
            when 'partial' then 2
            when 'invalid_allowances' then 3
            when 'no_calendar' then 4
            when 'incomplete_period' then 5
            when 'no_data' then 6
        end) as wisn_status_rank,
        sum(required_wisn_fte) as required_wisn_fte,
        sum(wisn_shortage_fte) as wisn_shortage_fte,
        sum(wisn_surplus_fte) as wisn_surplus_fte
    from wisn_needs
    group by facility_id, specialty_code, month
),

needs as (
    select
        facility_id,
        specialty_code,
        month,
        norm_needs.norm_bits,
        norm_needs.required_norm_fte,
        wisn_by_specialty.wisn_status_rank,
        wisn_by_specialty.required_wisn_fte,
        wisn_by_specialty.wisn_shortage_fte,
        wisn_by_specialty.wisn_surplus_fte
    from norm_needs
    full outer join wisn_by_specialty using (facility_id, specialty_code, month)
),

side_by_side as (
    select
        facility_id,
        specialty_code,
        month,
        posts_by_specialty.budgeted_fte,
        posts_by_specialty.filled_fte,
        posts_by_specialty.vacant_fte,
        posts_by_specialty.overfilled_fte,
        posts_by_specialty.funded_vacant_fte,
        posts_by_specialty.housed_vacant_fte,
        posts_by_specialty.budget_unknown_filled_fte,
        posts_by_specialty.combined_fte,
        posts_by_specialty.persons_count,
        needs.norm_bits,
        needs.required_norm_fte,
        needs.wisn_status_rank,
        needs.required_wisn_fte,
        needs.wisn_shortage_fte,
        needs.wisn_surplus_fte
    from posts_by_specialty
    full outer join needs using (facility_id, specialty_code, month)
),

reporting as (
    select distinct
        facility_id,
        month
    from posts
),

known as (
    select
        side_by_side.*,
        -- A facility that reported its table but has no post of the specialty has none filled; one that
        -- did not report is unknown.
        case
            when reporting.facility_id is not null then coalesce(side_by_side.filled_fte, 0)
        end as known_filled_fte
    from side_by_side
    left join reporting
        on
            side_by_side.facility_id = reporting.facility_id
            and side_by_side.month = reporting.month
),

final as (
    select
        known.facility_id,
        known.specialty_code,
        known.norm_bits,
        cast(coalesce(known.wisn_status_rank, 7) as utinyint) as wisn_status_rank,
        known.budgeted_fte,
        cast(known.known_filled_fte as decimal(12, 2)) as filled_fte,
        known.vacant_fte,
        known.overfilled_fte,
        known.funded_vacant_fte,
        known.housed_vacant_fte,
        cast(known.budget_unknown_filled_fte as decimal(12, 2)) as budget_unknown_filled_fte,
        cast(known.combined_fte as decimal(12, 2)) as combined_fte,
        cast(known.persons_count as bigint) as persons_count,
        known.required_norm_fte,
        {{ shortfall('known.required_norm_fte', 'known.known_filled_fte') }} as norm_shortage_fte,
        {{ shortfall('known.known_filled_fte', 'known.required_norm_fte') }} as norm_surplus_fte,
        known.required_wisn_fte,
        known.wisn_shortage_fte,
        known.wisn_surplus_fte,
        known.month,
        months.input_fingerprint
    from known
    inner join months on known.month = months.month
)

select * from final
