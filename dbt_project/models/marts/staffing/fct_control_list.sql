with findings as (
    select * from {{ ref('fct_control_findings') }}
),

facilities as (
    select * from {{ ref('dim_facilities') }}
),

-- One line a kind of finding: "equipment_missing 6 (ecg, xray)".
kinds as (
    select
        facility_id,
        finding_code,
        sum(points) as points,
        count(*) as findings_count,
        string_agg(subject_code, ', ' order by subject_code) as subjects,
        max(as_of_date) as as_of_date
    from findings
    group by facility_id, finding_code
),

scores as (
    select
        facility_id,
        sum(points) as risk_points,
        sum(findings_count) as findings_count,
        string_agg(
            finding_code || ' ' || cast(cast(points as integer) as varchar) || ' (' || subjects || ')',
            '; ' order by points desc, finding_code
        ) as explanation,
        max(as_of_date) as as_of_date
    from kinds
    group by facility_id
),

final as (
    select
        scores.facility_id,
        facilities.region_code,
        facilities.district_kato,
        facilities.facility_name_kk,
        facilities.facility_name_ru,
        facilities.facility_type,
        facilities.ownership,
        scores.explanation,
        cast(scores.findings_count as bigint) as findings_count,
        scores.risk_points,
        cast(
            rank() over (partition by facilities.region_code order by scores.risk_points desc)
            as integer
        ) as rank_in_region,
        facilities.licence_until_date,
        scores.as_of_date
    from scores
    inner join facilities on scores.facility_id = facilities.facility_id
)

select * from final
