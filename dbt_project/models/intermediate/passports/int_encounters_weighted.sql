-- Encounters that their source has not deleted, each with the number of encounters it stands for.
{{ config(materialized='view') }}
with encounters as (
    select * from {{ ref('stg_passports__encounters') }}
),

weights as (
    select * from {{ ref('int_sampling_weights') }}
    where contract = 'passport_encounter'
),

-- Joined, not `not exists`: DuckDB would first gather every distinct key of the large side.
deleted as (
    select distinct
        resource_type,
        record_key
    from {{ ref('stg_passports__tombstones') }}
),

final as (
    select
        encounters.facility_id,
        encounters.patient_key,
        encounters.event_month,
        encounters.class_code,
        encounters.specialty_code,
        encounters.age_band,
        encounters.length_of_stay_days,
        weights.sampling_weight
    from encounters
    inner join weights
        on
            encounters.batch_id = weights.batch_id
            and encounters.source_system = weights.source_system
    left join deleted as deleted_records
        on
            deleted_records.resource_type = 'Encounter'
            and encounters.encounter_key = deleted_records.record_key
    left join deleted as deleted_patients
        on
            deleted_patients.resource_type = 'Patient'
            and encounters.patient_key = deleted_patients.record_key
    where
        deleted_records.record_key is null
        and deleted_patients.record_key is null
)

select * from final
