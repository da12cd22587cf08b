with source as (
    select * from {{ source('planning', 'whatif_rates_totals') }}
),

final as (
    select
        year,
        medium_persons,
        low_80_persons,
        high_80_persons,
        low_95_persons,
        high_95_persons,
        births_persons
    from source
)

select * from final
