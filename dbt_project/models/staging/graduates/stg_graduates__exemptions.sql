with source as (
    select * from {{ source('landing', 'exemption') }}
),

renamed as (
    select
        graduate_key,
        ground_code,
        kind,
        decided_by,
        decided_on as decided_date,
        from_date,
        until_date,
        as_of as as_of_date
    from source
)

select * from renamed
