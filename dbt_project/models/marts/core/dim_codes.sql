{% set lists = {
    'facility_types': ['facility_type', 'facility_type'],
    'equipment_types': ['equipment_type_code', 'equipment_type'],
    'chronic_programmes': ['programme_code', 'programme'],
    'programmes': ['programme_code', 'programme'],
    'control_findings': ['finding_code', 'finding'],
    'quality_checks': ['check_code', 'check'],
    'exemption_grounds': ['ground_code', 'ground']
} %}

with final as (
    {% for code_list, (key, entity) in lists.items() %}
        select
            '{{ code_list }}' as code_list,
            cast({{ key }} as varchar) as code,
            {{ entity }}_name_kk as code_name_kk,
            {{ entity }}_name_ru as code_name_ru,
            {{ entity }}_name_en as code_name_en
        from {{ ref(code_list) }}
        {% if not loop.last %}union all{% endif %}
    {% endfor %}
)

select * from final
