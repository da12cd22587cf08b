with months as (
    select distinct month from {{ ref('fct_posts_monthly') }}
),

final as (
    select
        {{ same_calendar_month('later.month', 'earlier.month') }} as is_comparable,
        case
            when not ({{ same_calendar_month('later.month', 'earlier.month') }})
                then
                    'Different calendar months: vacant posts swing by about a fifth between July and '
                    || 'September, when graduates arrive. Compare with '
                    || cast(extract(year from earlier.month) as varchar) || '-'
                    || lpad(cast(extract(month from later.month) as varchar), 2, '0') || '.'
        end as refusal_reason,
        later.month,
        earlier.month as earlier_month
    from months as later
    inner join months as earlier on later.month > earlier.month
)

select * from final
