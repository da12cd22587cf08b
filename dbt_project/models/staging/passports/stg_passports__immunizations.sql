with source as (
    select * from {{ source('landing', 'passport_immunization') }}
),

renamed as (
    select
        immunization_key,
        patient_key,
        facility_id,
        vaccine_code,
        event_month,
        dose_number,
        source_system,
        batch_id,
        as_of as as_of_date
    from source
)

select * from renamed
