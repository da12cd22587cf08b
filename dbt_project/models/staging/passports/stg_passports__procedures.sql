with source as (
    select * from {{ source('landing', 'passport_procedure') }}
),

renamed as (
    select
        procedure_key,
        patient_key,
        encounter_key,
        facility_id,
        code_system,
        procedure_code,
        event_month,
        equipment_type_code,
        source_system,
        batch_id,
        as_of as as_of_date
    from source
)

select * from renamed
