with source as (
    select * from {{ source('landing', 'programme_standard') }}
),

renamed as (
    select
        programme_code,
        position_code,
        patients_per_fte,
        act_number,
        valid_from,
        valid_to,
        act_status,
        as_of as as_of_date
    from source
)

select * from renamed
