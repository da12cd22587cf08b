-- Living patients with an active condition of a chronic-disease programme, by the facility they are
-- attached to.
-- A patient with two conditions of one programme counts once; with two programmes, in each.
with patients as (
    select * from {{ ref('stg_passports__patients') }}
    where deceased_year is null and attached_facility_id is not null
),

conditions as (
    select * from {{ ref('stg_passports__conditions') }}
    where status in ('active', 'recurrence', 'unknown')
),

programmes as (
    select * from {{ ref('chronic_programmes') }}
),

weights as (
    select * from {{ ref('int_sampling_weights') }}
    where contract = 'passport_patient'
),

tombstones as (
    select * from {{ ref('stg_passports__tombstones') }}
),

codes as (
    select distinct
        programmes.programme_code,
        conditions.icd10_code
    from conditions
    inner join programmes
        on ' ' || programmes.icd10_codes || ' ' like '% ' || conditions.icd10_code || ' %'
),

registered as (
    select
        conditions.patient_key,
        codes.programme_code,
        max(case when conditions.is_managed then 1 else 0 end) as managed
    from conditions
    inner join codes on conditions.icd10_code = codes.icd10_code
    where
        not exists (
            select 1 from tombstones
            where
                tombstones.resource_type = 'Condition'
                and tombstones.record_key = conditions.condition_key
        )
        and not exists (
            select 1 from tombstones
            where
                tombstones.resource_type = 'Patient'
                and tombstones.record_key = conditions.patient_key
        )
    group by conditions.patient_key, codes.programme_code
),

final as (
    select
        patients.attached_facility_id as facility_id,
        registered.programme_code,
        cast(count(*) as bigint) as sampled_persons_count,
        cast(sum(registered.managed) as bigint) as sampled_managed_count,
        cast(sum(weights.sampling_weight) as double) as registered_persons,
        cast(sum(weights.sampling_weight * registered.managed) as double) as managed_persons
    from registered
    inner join patients on registered.patient_key = patients.patient_key
    inner join weights
        on
            patients.batch_id = weights.batch_id
            and patients.source_system = weights.source_system
    group by patients.attached_facility_id, registered.programme_code
)

select * from final
