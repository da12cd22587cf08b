with campaign as (
    select * from {{ ref('int_campaign_current') }}
),

graduates as (
    select
        campaign_id,
        count(*) as graduates_count,
        count(*) filter (where campaign_state = 'active') as active_count,
        count(*) filter (where campaign_state = 'no_duty') as no_duty_count,
        count(*) filter (where campaign_state = 'exempt') as exempt_count,
        count(*) filter (where campaign_state = 'deferred') as deferred_count,
        count(*) filter (where campaign_state = 'preplaced') as preplaced_count
    from {{ ref('int_campaign_graduates') }}
    group by campaign_id
),

-- Without decisions on exemptions nobody knows who is let off: unknown, not none.
told as (
    select count(*) > 0 as has_exemptions from {{ ref('stg_graduates__exemptions') }}
),

placements as (
    select
        campaign_id,
        count(*) filter (where state = 'placed') as placed_count,
        count(*) filter (where state = 'unplaced') as unplaced_count,
        count(*) filter (where state = 'placed' and own_rank = 1) as first_choice_count
    from {{ ref('fct_placements') }}
    group by campaign_id
),

lines as (
    select
        campaign_id,
        count(*) as lines_count,
        sum(seats_count) as seats_count
    from {{ ref('int_campaign_lines') }}
    group by campaign_id
),

coverage as (
    select
        cast(row ->> '$.got' as double) as covered_fte,
        cast(row ->> '$.bound' as double) as coverable_fte
    from {{ ref('int_campaign_results') }}
    where result_table = 'coverage'
),

checker as (
    select
        cast(cast((row ->> '$.report') as json) ->> '$.is_clean' as boolean) as is_checker_clean,
        row ->> '$.report' as checker_report
    from {{ ref('int_campaign_results') }}
    where result_table = 'checker'
),

inputs as (
    -- Without an order of its own: the sum of row hashes, so that 1.5 million rows need no sort.
    select
        md5(
            cast(
                bit_xor(
                    md5_number_lower(concat_ws('|', graduate_key, line_id, option_rank, score))
                ) as varchar
            )
            || cast(count(*) as varchar)
        ) as input_hash
    from {{ ref('int_campaign_options') }}
),

final as (
    select
        campaign.campaign_id,
        cast(campaign.campaign_year as integer) as campaign_year,
        campaign.placing_body,
        campaign.act_number,
        campaign.rule_version,
        campaign.lottery_seed,
        inputs.input_hash,
        checker.checker_report,
        graduates.graduates_count,
        graduates.active_count,
        graduates.no_duty_count,
        case when told.has_exemptions then graduates.exempt_count end as exempt_count,
        case when told.has_exemptions then graduates.deferred_count end as deferred_count,
        graduates.preplaced_count,
        -- Without graduates or without a post to offer there was no campaign: nobody was left without.
        case when checker.checker_report is not null then coalesce(placements.placed_count, 0) end
            as placed_count,
        case when checker.checker_report is not null then coalesce(placements.unplaced_count, 0) end
            as unplaced_count,
        coalesce(lines.lines_count, 0) as lines_count,
        cast(coalesce(lines.seats_count, 0) as bigint) as seats_count,
        placements.first_choice_count / nullif(placements.placed_count, 0) as first_choice_share,
        coverage.covered_fte,
        coverage.coverable_fte,
        coverage.covered_fte / nullif(coverage.coverable_fte, 0) as coverage_share,
        checker.is_checker_clean,
        campaign.lists_close_date,
        campaign.arrive_by_date,
        campaign.offered_month
    from campaign
    left join graduates on campaign.campaign_id = graduates.campaign_id
    left join placements on campaign.campaign_id = placements.campaign_id
    left join lines on campaign.campaign_id = lines.campaign_id
    left join coverage on true
    left join checker on true
    left join inputs on true
    left join told on true
)

select * from final
