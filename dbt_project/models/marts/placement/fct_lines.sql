with lines as (
    select * from {{ ref('int_campaign_lines') }}
),

results as (
    select
        row ->> '$.line_id' as line_id,
        cast(row ->> '$.filled' as integer) as filled_count,
        cast(row ->> '$.waiting' as integer) as waiting_count,
        cast(row ->> '$.cut_off_score' as double) as cutoff_score
    from {{ ref('int_campaign_results') }}
    where result_table = 'lines'
),

final as (
    select
        lines.campaign_id,
        lines.line_id,
        lines.facility_id,
        lines.region_code,
        lines.district_kato,
        lines.specialty_code,
        lines.specialty_group_code,
        lines.settlement,
        cast(lines.vacant_fte as double) as vacant_fte,
        lines.seats_count,
        coalesce(results.filled_count, 0) as filled_count,
        coalesce(results.waiting_count, 0) as waiting_count,
        results.cutoff_score,
        lines.has_housing
    from lines
    left join results on lines.line_id = results.line_id
)

select * from final
