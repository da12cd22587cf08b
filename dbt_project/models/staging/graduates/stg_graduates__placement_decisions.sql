with source as (
    select * from {{ source('landing', 'placement_decision') }}
),

renamed as (
    select
        campaign_id,
        graduate_key,
        line_id,
        decision,
        reason_code,
        decided_by,
        decided_at,
        as_of as as_of_date
    from source
)

select * from renamed
