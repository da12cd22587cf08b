-- How many of the twelve months to each month were delivered by the passports.
with months as (
    select * from {{ ref('int_month_fingerprints') }}
),

final as (
    select
        ends.month,
        cast(count(delivered.month) as integer) as delivered_months_count
    from months as ends
    left join months as delivered
        on
            delivered.passports_fingerprint is not null
            and ends.month >= delivered.month
            and delivered.month > ends.month - interval '{{ var("wisn_months") }} months'
    group by ends.month
)

select * from final
