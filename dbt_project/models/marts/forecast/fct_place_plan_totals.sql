with source as (
    select * from {{ source('planning', 'place_plan_totals') }}
),

final as (
    select
        strategy_code,
        year,
        quantile_share,
        places_persons,
        shortage_fte,
        closed_fte,
        remaining_fte,
        remaining_undirected_fte,
        cost_kzt,
        budget_kzt,
        is_feasible,
        scenario_hash,
        model_version,
        data_vintage_date
    from source
)

select * from final
