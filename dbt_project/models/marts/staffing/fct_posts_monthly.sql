-- A view: what is stored is `int_posts_monthly`; areas and categories are those of the latest registry.
{{ config(materialized='view') }}

with posts as (
    select * from {{ ref('int_posts_monthly') }}
),

facilities as (
    select * from {{ ref('dim_facilities') }}
),

-- The category is the position's own: one a position, whatever a single line says.
positions as (
    select * from {{ ref('dim_positions') }}
),

final as (
    select
        posts.facility_id,
        facilities.region_code,
        facilities.district_kato,
        posts.specialty_code,
        posts.position_code,
        positions.staff_category,
        posts.budgeted_fte,
        posts.filled_fte,
        posts.vacant_fte,
        posts.overfilled_fte,
        posts.funded_vacant_fte,
        posts.funding_unknown_vacant_fte,
        posts.housed_vacant_fte,
        posts.budget_unknown_filled_fte,
        posts.combined_fte,
        posts.persons_count,
        cast(date_sub('month', posts.vacant_since_date, last_day(posts.month) + 1) as integer)
            as vacant_months,
        posts.lines_count,
        posts.vacant_since_date,
        posts.month,
        posts.input_fingerprint
    from posts
    left join facilities on posts.facility_id = facilities.facility_id
    left join positions on posts.position_code = positions.position_code
)

select * from final
