with scopes as (
    select * from {{ ref('int_campaign_scopes') }}
),

results as (
    select
        row ->> '$.scope' as scope_name,
        cast(row ->> '$.floor' as integer) as floor_count,
        cast(row ->> '$.certified_floor' as integer) as certified_floor_count,
        cast(row ->> '$.got' as integer) as got_count,
        nullif(row ->> '$.cut', '') as cut_explanation,
        nullif(row ->> '$.cut_floors', '') as cut_floors,
        cast(cast(row ->> '$.cut_needed' as double) as integer) as cut_needed_count,
        cast(cast(row ->> '$.cut_graduates' as double) as integer) as cut_graduates_count,
        cast(cast(row ->> '$.cut_seats' as double) as integer) as cut_seats_count
    from {{ ref('int_campaign_results') }}
    where result_table = 'floors'
),

prices as (
    select
        row ->> '$.scope' as scope_name,
        cast(row ->> '$.bound_count' as integer) as bound_count,
        cast(row ->> '$.price_first_choice_share' as double) as price_first_choice_share,
        cast(row ->> '$.price_mean_rank' as double) as price_mean_rank,
        cast(row ->> '$.gain_coverage_share' as double) as gain_coverage_share
    from {{ ref('int_campaign_policy') }}
    where result_table = 'floor_prices'
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
    where not is_last_year
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
        ) as is_binding,
        results.cut_floors,
        results.cut_needed_count,
        results.cut_graduates_count,
        results.cut_seats_count,
        prices.bound_count,
        prices.price_first_choice_share,
        prices.price_mean_rank,
        prices.gain_coverage_share
    from named
    left join results on named.scope_name = results.scope_name
    left join prices on named.scope_name = prices.scope_name
)

select * from final
