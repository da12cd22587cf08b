-- Always one row; both days are blank when nothing was delivered.
with deliveries as (
    select max(as_of_date) as as_of_date from {{ ref('stg_door__deliveries') }}
),

posts as (
    select max(month) as as_of_month from {{ ref('stg_registry__staff_posts') }}
),

final as (
    select
        deliveries.as_of_date,
        coalesce(
            posts.as_of_month, cast(date_trunc('month', deliveries.as_of_date) as date)
        ) as as_of_month
    from deliveries
    cross join posts
)

select * from final
