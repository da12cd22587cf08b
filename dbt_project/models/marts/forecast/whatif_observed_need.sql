with source as (
    select * from {{ source('planning', 'whatif_observed_need') }}
),

final as (
    select
        region_code,
        specialty_code,
        year,
        need_fte,
        error_fte
    from source
)

select * from final
