with source as (
    select * from {{ source('planning', 'whatif_settings') }}
),

final as (
    select
        sampling_fraction,
        last_year,
        seed
    from source
)

select * from final
