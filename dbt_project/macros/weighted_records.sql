{#- Records of a passport table that their source has not deleted, each with the number it stands for.
    `key` names a record, `resource_type` is what a deletion calls it. -#}
{% macro weighted_records(model, contract, key, resource_type, columns) -%}
with records as (
    select * from {{ ref(model) }}
),

weights as (
    select * from {{ ref('int_sampling_weights') }}
    where contract = '{{ contract }}'
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
        {%- for column in columns %}
        records.{{ column }},
        {%- endfor %}
        weights.sampling_weight
    from records
    inner join weights
        on
            records.batch_id = weights.batch_id
            and records.source_system = weights.source_system
    left join deleted as deleted_records
        on
            deleted_records.resource_type = '{{ resource_type }}'
            and records.{{ key }} = deleted_records.record_key
    left join deleted as deleted_patients
        on
            deleted_patients.resource_type = 'Patient'
            and records.patient_key = deleted_patients.record_key
    where
        deleted_records.record_key is null
        and deleted_patients.record_key is null
)

select * from final
{%- endmacro %}
