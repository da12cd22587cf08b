-- Seats that facilities offer in the campaign, by facility and specialty. A seat is a whole person, so the
-- vacant and funded posts are summed first; a rest of half a post or more opens one seat more. Posts that
-- colleagues hold on top of their own (combined jobs) open no seat: they are filled, and only their
-- employer can say otherwise. Where established posts are unknown no vacancy can be told, and no seat opens.
with campaign as (
    select * from {{ ref('int_campaign_current') }}
),

posts as (
    select * from {{ ref('stg_registry__staff_posts') }}
),

facilities as (
    select * from {{ ref('dim_facilities') }}
    where status = 'active'
),

specialties as (
    select * from {{ ref('dim_specialties') }}
),

offered as (
    select
        campaign.campaign_id,
        posts.facility_id,
        posts.specialty_code,
        sum({{ shortfall('posts.budgeted_fte', 'posts.filled_fte') }})
        filter (where posts.is_funded is distinct from false) as vacant_fte,
        bool_or(coalesce(posts.has_housing, false) and posts.budgeted_fte > posts.filled_fte) as has_housing
    from campaign
    inner join posts on campaign.offered_month = posts.month
    group by campaign.campaign_id, posts.facility_id, posts.specialty_code
),

final as (
    select
        offered.campaign_id,
        offered.facility_id || '|' || offered.specialty_code as line_id,
        offered.facility_id,
        facilities.region_code,
        facilities.district_kato,
        facilities.settlement_kato,
        offered.specialty_code,
        specialties.specialty_group_code,
        facilities.settlement,
        facilities.settlement = 'rural' as is_rural,
        offered.has_housing,
        offered.vacant_fte,
        cast(floor(offered.vacant_fte + 0.5) as integer) as seats_count
    from offered
    inner join facilities on offered.facility_id = facilities.facility_id
    inner join specialties on offered.specialty_code = specialties.specialty_code
    where offered.vacant_fte >= 0.5
)

select * from final
