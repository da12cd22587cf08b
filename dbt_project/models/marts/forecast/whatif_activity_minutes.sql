with source as (
    select * from {{ source('planning', 'whatif_activity_minutes') }}
),

final as (
    select
        specialty_code,
        contact_minutes
    from source
)

select * from final
