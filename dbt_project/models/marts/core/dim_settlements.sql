with settlements as (
    select * from {{ ref('stg_registry__settlements') }}
),

final as (
    select
        settlement_kato,
        region_code,
        district_kato,
        settlement_name_kk,
        settlement_name_ru,
        settlement,
        inhabitants_persons,
        latitude,
        longitude
    from settlements
)

select * from final
