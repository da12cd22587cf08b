{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        pre_hook="{{ forget_months('passports_fingerprint') }}",
        post_hook="{{ write_ledger('passports_fingerprint') }}",
    )
}}
{%- set counted = months_to_count('passports_fingerprint') %}

with months as (
    {{ months_as_rows(counted) }}
),

encounters as (
    select * from {{ ref('int_encounters_weighted') }}
    where {{ among_months('event_month', counted) }}
),

patients as (
    select * from {{ ref('stg_passports__patients') }}
),

contacts as (
    select
        -- By residence, so that contacts stand over the inhabitants who made them.
        patients.region_code,
        coalesce(encounters.specialty_code, 'unknown') as specialty_code,
        encounters.age_band,
        patients.sex,
        encounters.event_month as month,
        count(*) as sampled_contacts_count,
        sum(encounters.sampling_weight) as contacts_count
    from encounters
    inner join patients on encounters.patient_key = patients.patient_key
    group by
        patients.region_code,
        coalesce(encounters.specialty_code, 'unknown'),
        encounters.age_band,
        patients.sex,
        encounters.event_month
),

final as (
    select
        contacts.region_code,
        contacts.specialty_code,
        contacts.age_band,
        contacts.sex,
        cast(contacts.sampled_contacts_count as bigint) as sampled_contacts_count,
        cast(contacts.contacts_count as double) as contacts_count,
        contacts.month,
        months.input_fingerprint
    from contacts
    inner join months on contacts.month = months.month
)

select * from final
