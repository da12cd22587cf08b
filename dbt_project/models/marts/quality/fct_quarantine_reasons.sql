with quarantine as (
    select * from {{ ref('stg_door__quarantine') }}
),

final as (
    select
        contract,
        source_system,
        rule,
        severity,
        column_name,
        min(message) as example_message,
        count(*) as records_count,
        month
    from quarantine
    group by contract, source_system, rule, severity, column_name, month
)

select * from final
