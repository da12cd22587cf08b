with source as (
    select * from {{ source('planning', 'scenario_steps') }}
),

final as (
    select
        scenario_code,
        specialty_code,
        year,
        step_order,
        lever_code,
        value_fte,
        p10_fte,
        p90_fte,
        change_p10_fte,
        change_p90_fte,
        scenario_hash,
        model_version,
        data_vintage_date
    from source
)

select * from final
