-- For publication: what the last admitted graduate of each full line had. Nobody's key, nobody's draw.
with lines as (
    select * from {{ ref('fct_lines') }}
),

facilities as (
    select * from {{ ref('dim_facilities') }}
),

final as (
    select
        lines.campaign_id,
        lines.line_id,
        lines.facility_id,
        lines.region_code,
        lines.specialty_code,
        facilities.facility_name_kk,
        facilities.facility_name_ru,
        lines.seats_count,
        lines.cutoff_score
    from lines
    inner join facilities on lines.facility_id = facilities.facility_id
    where lines.cutoff_score is not null
)

select * from final
