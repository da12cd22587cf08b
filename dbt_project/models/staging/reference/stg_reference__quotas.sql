with source as (
    select * from {{ source('landing', 'quota') }}
),

renamed as (
    select
        campaign_id,
        quota_id,
        specialty_group_code,
        region_code,
        is_rural,
        floor_count,
        cap_count,
        as_of as as_of_date
    from source
)

select * from renamed
