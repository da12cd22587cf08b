with source as (
    select * from {{ source('planning', 'scenarios') }}
),

names as (
    select * from {{ ref('scenario_names') }}
),

final as (
    select
        source.scenario_code,
        names.scenario_name_kk,
        names.scenario_name_ru,
        coalesce(names.scenario_name_en, source.scenario_name_en) as scenario_name_en,
        source.lever_code,
        source.value,
        source.unit,
        source.from_year,
        source.minimum,
        source.maximum,
        source.source,
        source.owner,
        source.stated_on,
        source.scenario_hash
    from source
    left join names on source.scenario_code = names.scenario_code
)

select * from final
