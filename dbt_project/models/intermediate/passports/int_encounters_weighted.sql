-- Encounters that their source has not deleted, each with the number of encounters it stands for.
{{ config(materialized='view') }}
with encounters as (
    select * from {{ ref('stg_passports__encounters') }}
),

weights as (
    select * from {{ ref('int_sampling_weights') }}
    where contract = 'passport_encounter'
),

tombstones as (
    select * from {{ ref('stg_passports__tombstones') }}
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
    where
        not exists (
            select 1 from tombstones
            where
                tombstones.resource_type = 'Encounter'
                and tombstones.record_key = encounters.encounter_key
        )
        and not exists (
            select 1 from tombstones
            where
                tombstones.resource_type = 'Patient'
                and tombstones.record_key = encounters.patient_key
        )
)

select * from final
