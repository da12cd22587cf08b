with source as (
    select * from {{ source('landing', 'passport_patient') }}
),

renamed as (
    select
        patient_key,
        birth_year,
        sex,
        region_code,
        district_kato,
        settlement,
        attached_facility_id,
        deceased_year,
        source_system,
        batch_id,
        as_of as as_of_date
    from source
)

select * from renamed
