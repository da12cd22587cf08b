with source as (
    select * from {{ source('landing', 'facility') }}
),

renamed as (
    select
        facility_id,
        bin,
        facility_name_ru,
        facility_name_kk,
        facility_type,
        care_level,
        ownership,
        parent_facility_id,
        region_code,
        district_kato,
        settlement_kato,
        settlement,
        latitude,
        longitude,
        beds_count,
        attached_persons,
        licence_no,
        licence_until as licence_until_date,
        has_osms_contract,
        status,
        opened_on as opened_date,
        closed_on as closed_date,
        valid_from,
        valid_to,
        as_of as as_of_date
    from source
)

select * from renamed
