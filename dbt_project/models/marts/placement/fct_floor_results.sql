with scopes as (
    select * from {{ ref('int_campaign_scopes') }}
),

results as (
    select
        row ->> '$.scope' as scope_name,
        cast(row ->> '$.floor' as integer) as floor_count,
        cast(row ->> '$.certified_floor' as integer) as certified_floor_count,
        cast(row ->> '$.got' as integer) as got_count,
        nullif(row ->> '$.cut', '') as cut_explanation
    from {{ ref('int_campaign_results') }}
    where result_table = 'floors'
),

named as (
    select
        *,
        array_to_string(
            list_transform(
                range(1, len(string_split(scope_column, '|')) + 1),
                lambda i: string_split(scope_column, '|')[i] || '=' || string_split(scope_value, '|')[i]
            ),
            ' '
        ) as scope_name
    from scopes
),

final as (
    select
        named.campaign_id,
        named.quota_id,
        named.scope_column,
        named.scope_value,
        results.cut_explanation,
        cast(named.floor_count as integer) as floor_count,
        cast(named.cap_count as integer) as cap_count,
        results.got_count,
        case
            when results.certified_floor_count < named.floor_count then results.certified_floor_count
        end as relaxed_to_count,
        coalesce(
            results.got_count = results.certified_floor_count and results.certified_floor_count > 0
            or results.got_count = named.cap_count,
            false
        ) as is_binding
    from named
    left join results on named.scope_name = results.scope_name
)

select * from final
