with source as (
    select * from {{ source('planning', 'whatif_rates_migration') }}
),

final as (
    select
        period_start_year,
        sex,
        age_from,
        net_migration_5_years_persons
    from source
)

select * from final
