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

activities as (
    select * from {{ ref('activities') }}
),

encounters as (
    select * from {{ ref('int_encounters_weighted') }}
    where {{ among_months('event_month', counted) }}
),

procedures as (
    select * from {{ ref('int_procedures_weighted') }}
    where {{ among_months('event_month', counted) }}
),

immunizations as (
    select * from {{ ref('int_immunizations_weighted') }}
    where {{ among_months('event_month', counted) }}
),

equipment_types as (
    select * from {{ ref('equipment_types') }}
),

encounter_units as (
    select
        facility_id,
        coalesce(specialty_code, 'unknown') as specialty_code,
        class_code,
        event_month as month,
        count(*) as sampled_units_count,
        -- A stay is counted by its bed days, and a stay within one day as one.
        sum(
            sampling_weight
            * case when class_code = 'IMP' then greatest(coalesce(length_of_stay_days, 1), 1) else 1 end
        ) as units_count,
        sum(
            sampling_weight * (sampling_weight - 1)
            * case
                when class_code = 'IMP'
                    then
                        greatest(coalesce(length_of_stay_days, 1), 1)
                        * greatest(coalesce(length_of_stay_days, 1), 1)
                else 1
            end
        ) as units_variance
    from encounters
    group by facility_id, coalesce(specialty_code, 'unknown'), class_code, event_month
),

units as (
    select
        encounter_units.facility_id,
        encounter_units.specialty_code,
        activities.activity_code,
        encounter_units.month,
        encounter_units.sampled_units_count,
        encounter_units.units_count,
        encounter_units.units_variance
    from encounter_units
    inner join activities on encounter_units.class_code = activities.encounter_class_code

    union all

    select
        procedures.facility_id,
        coalesce(equipment_types.required_specialty_code, 'unknown') as specialty_code,
        'procedure' as activity_code,
        procedures.event_month as month,
        count(*) as sampled_units_count,
        sum(procedures.sampling_weight) as units_count,
        sum(procedures.sampling_weight * (procedures.sampling_weight - 1)) as units_variance
    from procedures
    left join equipment_types
        on procedures.equipment_type_code = equipment_types.equipment_type_code
    group by
        procedures.facility_id,
        coalesce(equipment_types.required_specialty_code, 'unknown'),
        procedures.event_month

    union all

    select
        facility_id,
        'unknown' as specialty_code,
        'immunization' as activity_code,
        event_month as month,
        count(*) as sampled_units_count,
        sum(sampling_weight) as units_count,
        sum(sampling_weight * (sampling_weight - 1)) as units_variance
    from immunizations
    group by facility_id, event_month
),

final as (
    select
        units.facility_id,
        units.specialty_code,
        units.activity_code,
        cast(units.sampled_units_count as bigint) as sampled_units_count,
        cast(units.units_count as double) as units_count,
        cast(units.units_variance as double) as units_variance,
        units.month,
        months.input_fingerprint
    from units
    inner join months on units.month = months.month
)

select * from final
