with source as (
    select * from {{ source('planning', 'whatif_region_splits') }}
),

final as (
    select
        parent_region_code,
        child_region_code,
        first_year
    from source
)

select * from final
