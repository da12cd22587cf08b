with source as (
    select * from {{ source('planning', 'whatif_rates_fertility') }}
),

final as (
    select
        year,
        mother_age_band,
        fertility_share
    from source
)

select * from final
