with source as (
    select * from {{ source('landing', 'passport_condition') }}
),

renamed as (
    select
        condition_key,
        patient_key,
        icd10_code,
        status,
        onset_year,
        dispensary as is_managed,
        source_system,
        batch_id,
        as_of as as_of_date
    from source
)

select * from renamed
