with source as (
    select * from {{ source('landing', 'network_norm') }}
),

renamed as (
    select
        network_norm_id,
        from_inhabitants_persons,
        below_inhabitants_persons,
        required_facility_type,
        act_number,
        valid_from,
        valid_to,
        act_status,
        as_of as as_of_date
    from source
)

select * from renamed
