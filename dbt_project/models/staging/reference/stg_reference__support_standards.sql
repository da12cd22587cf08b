with source as (
    select * from {{ source('landing', 'support_standard') }}
),

renamed as (
    select
        position_code,
        support_code,
        allowance,
        hours,
        period,
        act_number,
        valid_from,
        valid_to,
        act_status,
        as_of as as_of_date
    from source
)

select * from renamed
