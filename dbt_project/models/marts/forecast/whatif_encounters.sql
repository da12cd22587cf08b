with source as (
    select * from {{ source('planning', 'whatif_encounters') }}
),

final as (
    select
        region_code,
        specialty_code,
        sex,
        age_band,
        month,
        encounters_count
    from source
)

select * from final
