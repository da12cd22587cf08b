with source as (
    select * from {{ source('planning', 'whatif_moves') }}
),

final as (
    select
        from_region_code,
        to_region_code,
        persons
    from source
)

select * from final
