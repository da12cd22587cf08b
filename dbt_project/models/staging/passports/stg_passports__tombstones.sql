with source as (
    select * from {{ source('landing', 'passport_tombstone') }}
),

renamed as (
    select
        resource_type,
        record_key,
        deleted_month,
        source_system,
        batch_id,
        as_of as as_of_date
    from source
)

select * from renamed
