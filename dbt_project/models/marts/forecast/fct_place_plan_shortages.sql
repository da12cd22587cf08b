with source as (
    select * from {{ source('planning', 'place_plan_shortages') }}
),

final as (
    select
        strategy_code,
        specialty_code,
        year,
        quantile_share,
        shortage_fte,
        closed_fte,
        remaining_fte,
        first_effect_year,
        reason,
        is_feasible,
        scenario_hash,
        model_version,
        data_vintage_date
    from source
)

select * from final
