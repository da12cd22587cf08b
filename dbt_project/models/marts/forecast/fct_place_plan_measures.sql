with source as (
    select * from {{ source('planning', 'place_plan_measures') }}
),

final as (
    select
        strategy_code,
        year,
        quantile_share,
        measure_code,
        adopted_share,
        added_fte,
        cost_kzt,
        whole_fte,
        whole_cost_kzt,
        is_feasible,
        scenario_hash,
        model_version,
        data_vintage_date
    from source
)

select * from final
