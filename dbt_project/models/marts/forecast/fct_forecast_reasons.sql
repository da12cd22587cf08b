with source as (
    select * from {{ source('planning', 'reasons') }}
),

final as (
    select
        subject,
        reason
    from source
)

select * from final
