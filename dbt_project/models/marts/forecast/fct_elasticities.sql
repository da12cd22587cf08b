with source as (
    select * from {{ source('planning', 'elasticities') }}
),

final as (
    select
        scenario_code,
        year,
        lever_code,
        unit,
        value,
        shortage_change_fte_per_unit,
        scenario_hash,
        model_version,
        data_vintage_date
    from source
)

select * from final
