{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='month',
        on_schema_change='fail',
        pre_hook="{{ forget_vanished_months('needs_fingerprint') }}",
    )
}}

with months as (
    {{ months_to_count('needs_fingerprint') }}
),

posts as (
    select * from {{ ref('fct_posts_monthly') }}
    where month in (select months.month from months)
),

norm_needs as (
    select * from {{ ref('int_norm_needs_monthly') }}
    where month in (select months.month from months)
),

wisn_needs as (
    select * from {{ ref('int_wisn_monthly') }}
    where month in (select months.month from months)
),

facilities as (
    select * from {{ ref('stg_registry__facilities') }}
),

specialties as (
    select * from {{ ref('specialties') }}
),

-- The three needs under one another, then summed into one row: cheaper than two full joins, and blank stays
-- blank because a sum over blanks is blank.
stacked as (
    select
        facility_id,
        specialty_code,
        month,
        budgeted_fte,
        filled_fte,
        vacant_fte,
        overfilled_fte,
        funded_vacant_fte,
        housed_vacant_fte,
        combined_fte,
        persons_count
    from posts

    union all by name

    select
        facility_id,
        specialty_code,
        month,
        norm_act_numbers,
        norm_status,
        required_norm_fte
    from norm_needs

    union all by name

    select
        facility_id,
        specialty_code,
        month,
        data_status as wisn_status,
        required_wisn_fte,
        wisn_shortage_fte,
        wisn_surplus_fte
    from wisn_needs
),

side_by_side as (
    select
        facility_id,
        specialty_code,
        month,
        sum(budgeted_fte) as budgeted_fte,
        sum(filled_fte) as filled_fte,
        sum(vacant_fte) as vacant_fte,
        sum(overfilled_fte) as overfilled_fte,
        sum(funded_vacant_fte) as funded_vacant_fte,
        sum(housed_vacant_fte) as housed_vacant_fte,
        sum(combined_fte) as combined_fte,
        sum(persons_count) as persons_count,
        max(norm_act_numbers) as norm_act_numbers,
        max(norm_status) as norm_status,
        sum(required_norm_fte) as required_norm_fte,
        -- Positions of one specialty may differ; the row tells of the one that is known best.
        min(case wisn_status
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
    from stacked
    group by facility_id, specialty_code, month
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
        -- A facility that reported its table but has no post of the specialty has none filled; one that did
        -- not report is unknown.
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
        facilities.region_code,
        facilities.district_kato,
        known.specialty_code,
        specialties.specialty_group_code,
        specialties.staff_category,
        facilities.facility_type,
        facilities.care_level,
        facilities.ownership,
        facilities.settlement,
        known.norm_act_numbers,
        known.norm_status,
        case known.wisn_status_rank
            when 1 then 'complete'
            when 2 then 'partial'
            when 3 then 'invalid_allowances'
            when 4 then 'no_calendar'
            when 5 then 'incomplete_period'
            when 6 then 'no_data'
            else 'no_standard'
        end as wisn_status,
        cast(known.budgeted_fte as decimal(12, 2)) as budgeted_fte,
        cast(known.known_filled_fte as decimal(12, 2)) as filled_fte,
        cast(known.vacant_fte as decimal(12, 2)) as vacant_fte,
        cast(known.overfilled_fte as decimal(12, 2)) as overfilled_fte,
        cast(known.funded_vacant_fte as decimal(12, 2)) as funded_vacant_fte,
        cast(known.housed_vacant_fte as decimal(12, 2)) as housed_vacant_fte,
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
    left join facilities on known.facility_id = facilities.facility_id
    left join specialties on known.specialty_code = specialties.specialty_code
)

select * from final
