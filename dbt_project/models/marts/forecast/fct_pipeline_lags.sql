with source as (
    select * from {{ source('planning', 'pipeline_lags') }}
),

final as (
    select
        programme_code,
        specialty_code,
        stage_code,
        begins_year_offset,
        ends_year_offset,
        scenario_hash
    from source
)

select * from final
