with checks as (
    select * from {{ ref('quality_checks') }}
),

findings as (
    select * from {{ ref('fct_quality_checks') }}
),

quarantine as (
    select * from {{ ref('fct_quarantine_reasons') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

warehouse as (
    select
        checks.check_code,
        'warehouse' as stage,
        checks.contract,
        cast(null as varchar) as source_system,
        checks.severity,
        count(findings.check_code) as failures_count,
        findings.month
    from checks
    left join findings on checks.check_code = findings.check_code
    group by checks.check_code, checks.contract, checks.severity, findings.month
),

door as (
    select
        rule as check_code,
        'door' as stage,
        contract,
        source_system,
        severity,
        sum(records_count) as failures_count,
        month
    from quarantine
    group by rule, contract, source_system, severity, month
),

stages as (
    select * from warehouse
    union all by name
    select * from door
),

final as (
    select
        stages.check_code,
        stages.stage,
        stages.contract,
        stages.source_system,
        stages.severity,
        cast(stages.failures_count as bigint) as failures_count,
        stages.failures_count = 0 as is_passed,
        stages.month,
        as_of.as_of_date
    from stages
    cross join as_of
)

select * from final
