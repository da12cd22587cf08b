-- Who stands elsewhere than in the run before, and than under last year's rules (the first run of each),
-- and why the earlier line is no longer theirs.
with campaign as (
    select * from {{ ref('int_campaign_current') }}
),

moved as (
    select
        'previous_run' as comparison,
        row
    from {{ ref('int_campaign_results') }}
    where result_table = 'run_diff'
    union all
    select
        'last_year_rules' as comparison,
        row
    from {{ ref('int_campaign_policy') }}
    where result_table = 'rules_diff'
),

graduates as (
    select * from {{ ref('stg_graduates__graduates') }}
),

lines as (
    select * from {{ ref('int_campaign_lines') }}
),

final as (
    select
        campaign.campaign_id,
        moved.comparison,
        moved.row ->> '$.graduate_id' as graduate_key,
        graduates.university_id,
        moved.row ->> '$.change' as change,
        moved.row ->> '$.line_id_before' as line_id_before,
        lines_before.facility_id as facility_id_before,
        lines_before.region_code as region_code_before,
        moved.row ->> '$.line_id_after' as line_id_after,
        lines_after.facility_id as facility_id_after,
        lines_after.region_code as region_code_after,
        cast(cast(moved.row ->> '$.rank_before' as double) as integer) as rank_before,
        cast(cast(moved.row ->> '$.rank_after' as double) as integer) as rank_after,
        moved.row ->> '$.reason_code' as reason_code,
        nullif(moved.row ->> '$.detail', '') as scope
    from moved
    cross join campaign
    left join graduates on moved.row ->> '$.graduate_id' = graduates.graduate_key
    left join lines as lines_before on moved.row ->> '$.line_id_before' = lines_before.line_id
    left join lines as lines_after on moved.row ->> '$.line_id_after' = lines_after.line_id
)

select * from final
