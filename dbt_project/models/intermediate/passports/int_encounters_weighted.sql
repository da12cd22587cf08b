-- Encounters that their source has not deleted, each with the number of encounters it stands for.
{{ config(materialized='view') }}
{{ weighted_records(
    'stg_passports__encounters', 'passport_encounter', 'encounter_key', 'Encounter',
    ['facility_id', 'patient_key', 'event_month', 'class_code', 'specialty_code', 'age_band', 'length_of_stay_days'],
) }}
