with source as (
    select * from {{ source('planning', 'whatif_rates_mortality') }}
),

final as (
    select
        period_start_year,
        sex,
        age_from,
        deaths_per_person_year
    from source
)

select * from final
