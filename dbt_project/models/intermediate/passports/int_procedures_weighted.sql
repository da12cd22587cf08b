-- Procedures that their source has not deleted, each with the number it stands for.
{{ config(materialized='view') }}
with records as (
    select * from {{ ref('stg_passports__procedures') }}
),

weights as (
    select * from {{ ref('int_sampling_weights') }}
    where contract = 'passport_procedure'
),

tombstones as (
    select * from {{ ref('stg_passports__tombstones') }}
),

final as (
    select
        records.facility_id,
        records.event_month,
        records.equipment_type_code,
        weights.sampling_weight
    from records
    inner join weights
        on
            records.batch_id = weights.batch_id
            and records.source_system = weights.source_system
    where
        not exists (
            select 1 from tombstones
            where
                tombstones.resource_type = 'Procedure'
                and tombstones.record_key = records.procedure_key
        )
        and not exists (
            select 1 from tombstones
            where
                tombstones.resource_type = 'Patient'
                and tombstones.record_key = records.patient_key
        )
)

select * from final
