with source as (
    select * from {{ source('planning', 'whatif_intake') }}
),

final as (
    select
        specialty_code,
        programme_code,
        level,
        intake_year,
        intake_persons,
        programme_years,
        completion_share
    from source
)

select * from final
