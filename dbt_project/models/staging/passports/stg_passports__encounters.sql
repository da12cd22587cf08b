with source as (
    select * from {{ source('landing', 'passport_encounter') }}
),

renamed as (
    select
        encounter_key,
        patient_key,
        facility_id,
        event_month,
        class_code,
        specialty_code,
        reason_icd10_code,
        age_band,
        length_of_stay_days,
        funding,
        source_system,
        batch_id,
        as_of as as_of_date
    from source
)

select * from renamed
