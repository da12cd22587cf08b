with source as (
    select * from {{ source('landing', 'service_event') }}
),

renamed as (
    select
        graduate_key,
        facility_id,
        event,
        event_date,
        evidence,
        as_of as as_of_date
    from source
)

select * from renamed
