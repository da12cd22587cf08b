with universities as (
    select * from {{ ref('stg_graduates__universities') }}
),

final as (
    select
        university_id,
        region_code,
        university_name_kk,
        university_name_ru,
        university_name_en
    from universities
)

select * from final
