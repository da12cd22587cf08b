with source as (
    select * from {{ source('planning', 'whatif_activity_minutes') }}
),

final as (
    select
        specialty_code,
        contact_minutes,
        hours_per_fte,
        productive_share
    from source
)

select * from final
