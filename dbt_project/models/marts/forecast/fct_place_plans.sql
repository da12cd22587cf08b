with source as (
    select * from {{ source('planning', 'place_plans') }}
),

final as (
    select
        strategy_code,
        specialty_code,
        programme_code,
        year,
        quantile_share,
        intake_year,
        graduation_year,
        places_persons,
        added_fte,
        cost_kzt,
        is_feasible,
        scenario_hash,
        model_version,
        data_vintage_date
    from source
)

select * from final
