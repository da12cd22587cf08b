with source as (
    select * from {{ source('planning', 'plan_prices') }}
),

final as (
    select
        price_code,
        value,
        unit,
        minimum,
        maximum,
        added_intake_share,
        source,
        owner,
        stated_on,
        data_vintage_date
    from source
)

select * from final
