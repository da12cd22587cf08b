with source as (
    select * from {{ source('landing', 'campaign') }}
),

renamed as (
    select
        campaign_id,
        campaign_year,
        placing_body,
        act_number,
        lists_close_on as lists_close_date,
        arrive_by as arrive_by_date,
        seed,
        rule_version,
        as_of as as_of_date
    from source
)

select * from renamed
