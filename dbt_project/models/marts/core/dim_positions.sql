with positions as (
    select * from {{ ref('positions') }}
),

final as (
    select
        position_code,
        specialty_code,
        staff_category,
        isco08_code,
        position_name_kk,
        position_name_ru,
        position_name_en
    from positions
)

select * from final
