with source as (
    select * from {{ source('landing', 'priority_rule') }}
),

renamed as (
    select
        rule_version,
        criterion,
        points,
        act_number,
        valid_from,
        valid_to,
        act_status,
        as_of as as_of_date
    from source
)

select * from renamed
