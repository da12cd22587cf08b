-- Procedures that their source has not deleted, each with the number it stands for.
{{ config(materialized='view') }}
with records as (
    select * from {{ ref('stg_passports__procedures') }}
),

weights as (
    select * from {{ ref('int_sampling_weights') }}
    where contract = 'passport_procedure'
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
        records.facility_id,
        records.patient_key,
        records.event_month,
        records.equipment_type_code,
        weights.sampling_weight
    from records
    inner join weights
        on
            records.batch_id = weights.batch_id
            and records.source_system = weights.source_system
    left join deleted as deleted_records
        on
            deleted_records.resource_type = 'Procedure'
            and records.procedure_key = deleted_records.record_key
    left join deleted as deleted_patients
        on
            deleted_patients.resource_type = 'Patient'
            and records.patient_key = deleted_patients.record_key
    where
        deleted_records.record_key is null
        and deleted_patients.record_key is null
)

select * from final
