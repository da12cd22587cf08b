-- Immunizations that their source has not deleted, each with the number it stands for.
{{ config(materialized='view') }}
{{ weighted_records(
    'stg_passports__immunizations', 'passport_immunization', 'immunization_key', 'Immunization',
    ['facility_id', 'event_month'],
) }}
