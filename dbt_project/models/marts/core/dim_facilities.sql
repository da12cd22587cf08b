with facilities as (
    select * from {{ ref('stg_registry__facilities') }}
),

settlements as (
    select * from {{ ref('stg_registry__settlements') }}
),

final as (
    select
        facilities.facility_id,
        facilities.parent_facility_id,
        facilities.region_code,
        facilities.district_kato,
        facilities.settlement_kato,
        facilities.facility_type,
        facilities.care_level,
        facilities.ownership,
        facilities.status,
        facilities.facility_name_kk,
        facilities.facility_name_ru,
        settlements.settlement_name_kk,
        settlements.settlement_name_ru,
        facilities.settlement,
        facilities.latitude,
        facilities.longitude,
        facilities.beds_count,
        facilities.attached_persons,
        facilities.licence_no,
        facilities.licence_until_date,
        facilities.has_osms_contract,
        facilities.opened_date,
        facilities.closed_date,
        facilities.as_of_date
    from facilities
    left join settlements on facilities.settlement_kato = settlements.settlement_kato
)

select * from final
