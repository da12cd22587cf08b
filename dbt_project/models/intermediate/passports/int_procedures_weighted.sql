-- Procedures that their source has not deleted, each with the number it stands for.
{{ config(materialized='view') }}
{{ weighted_records(
    'stg_passports__procedures', 'passport_procedure', 'procedure_key', 'Procedure',
    ['facility_id', 'patient_key', 'event_month', 'equipment_type_code'],
) }}
