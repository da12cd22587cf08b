-- The latest campaign, the month whose vacancies it offers, and its published lottery seed. Vacancies are
-- those of the last staffing table before the lists closed: seats must be fixed before anyone ranks them.
with campaigns as (
    select * from {{ ref('stg_graduates__campaigns') }}
),

posts as (
    select distinct month from {{ ref('stg_registry__staff_posts') }}
),

latest as (
    select * from campaigns
    qualify row_number() over (order by campaign_year desc, campaign_id desc) = 1
),

-- The campaign before, whose rules are tried on the present one.
last_year as (
    select campaigns.* from campaigns
    inner join latest on campaigns.campaign_year < latest.campaign_year
    qualify row_number() over (order by campaigns.campaign_year desc, campaigns.campaign_id desc) = 1
),

offered as (
    select
        latest.campaign_id,
        max(posts.month) filter (where posts.month <= latest.lists_close_date) as month_before_close,
        min(posts.month) as first_month
    from latest
    left join posts on true
    group by latest.campaign_id
),

final as (
    select
        latest.campaign_id,
        latest.campaign_year,
        latest.placing_body,
        latest.act_number,
        coalesce(latest.rule_version, '') as rule_version,
        last_year.campaign_id as campaign_id_before,
        coalesce(last_year.rule_version, '') as rule_version_before,
        coalesce(latest.seed, md5(latest.campaign_id)) as lottery_seed,
        latest.lists_close_date,
        latest.arrive_by_date,
        coalesce(offered.month_before_close, offered.first_month) as offered_month
    from latest
    inner join offered on latest.campaign_id = offered.campaign_id
    left join last_year on true
)

select * from final
