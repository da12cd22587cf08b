with source as (
    select * from {{ source('planning', 'quota_regions') }}
),

final as (
    select
        specialty_code,
        region_code,
        year,
        shortage_fte,
        deficit_probability_share,
        quota_places,
        scenario_hash,
        model_version,
        data_vintage_date
    from source
)

select * from final
