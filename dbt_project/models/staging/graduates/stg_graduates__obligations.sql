with source as (
    select * from {{ source('landing', 'obligation') }}
),

renamed as (
    select
        graduate_key,
        basis,
        state_order_share,
        required_months,
        paying_region_code,
        began_on as began_date,
        cost_kzt,
        as_of as as_of_date
    from source
)

select * from renamed
