with source as (
    select * from {{ source('planning', 'whatif_norms') }}
),

final as (
    select
        specialty_code,
        posts_per_10k,
        act_number,
        status
    from source
)

select * from final
