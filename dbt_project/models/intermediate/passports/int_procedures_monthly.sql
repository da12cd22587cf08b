{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        pre_hook="{{ forget_months('passports_fingerprint') }}",
        post_hook="{{ write_ledger('passports_fingerprint') }}",
    )
}}
{%- set counted = months_to_count('passports_fingerprint') %}

-- Procedures of a specialty by the age, sex and region of the patient, beside the contacts of the same month.
with months as (
    {{ months_as_rows(counted) }}
),

procedures as (
    select * from {{ ref('int_procedures_weighted') }}
    where {{ among_months('event_month', counted) }}
),

patients as (
    select * from {{ ref('stg_passports__patients') }}
),

equipment_types as (
    select * from {{ ref('equipment_types') }}
    where required_specialty_code is not null
),

aged as (
    select
        -- By residence, so that procedures stand over the inhabitants they were made on.
        patients.region_code,
        equipment_types.required_specialty_code as specialty_code,
        patients.sex,
        procedures.event_month as month,
        procedures.sampling_weight,
        greatest(extract(year from procedures.event_month) - patients.birth_year, 0) as age
    from procedures
    inner join patients on procedures.patient_key = patients.patient_key
    inner join equipment_types
        on procedures.equipment_type_code = equipment_types.equipment_type_code
),

banded as (
    select
        *,
        case
            when age >= 85 then '85+'
            when age < 5 then '00-04'
            when age < 10 then '05-09'
            else concat(
                cast(cast(floor(age / 5) * 5 as integer) as varchar),
                '-',
                cast(cast(floor(age / 5) * 5 + 4 as integer) as varchar)
            )
        end as age_band
    from aged
),

counted as (
    select
        region_code,
        specialty_code,
        age_band,
        sex,
        month,
        count(*) as sampled_procedures_count,
        sum(sampling_weight) as procedures_count
    from banded
    group by region_code, specialty_code, age_band, sex, month
),

final as (
    select
        counted.region_code,
        counted.specialty_code,
        counted.age_band,
        counted.sex,
        cast(counted.sampled_procedures_count as bigint) as sampled_procedures_count,
        cast(counted.procedures_count as double) as procedures_count,
        counted.month,
        months.input_fingerprint
    from counted
    inner join months on counted.month = months.month
)

select * from final
