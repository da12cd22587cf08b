with findings as (
    select * from {{ ref('int_check_findings') }}
),

checks as (
    select * from {{ ref('quality_checks') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

final as (
    select
        findings.check_code,
        checks.severity,
        checks.contract,
        findings.region_code,
        findings.subject_kind,
        findings.subject_id,
        findings.explanation,
        findings.how_to_mend,
        findings.month,
        as_of.as_of_date
    from findings
    cross join as_of
    inner join checks on findings.check_code = checks.check_code
)

select * from final
