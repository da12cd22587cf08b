with published as (
    select * from {{ ref('published_rural_practitioners') }}
),

recomputed as (
    select
        *,
        cast(round(100.0 * rural_practitioners_persons / rural_physicians_persons, 2) as decimal(6, 2))
            as practitioner_share_percent,
        cast(round(10000.0 * rural_practitioners_persons / rural_population_persons, 2) as decimal(6, 2))
            as practitioners_per_10k
    from published
),

final as (
    select
        year,
        rural_practitioners_persons,
        rural_physicians_persons,
        rural_population_persons,
        practitioner_share_percent,
        practitioners_per_10k,
        printed_share_percent,
        printed_per_10k,
        practitioner_share_percent = printed_share_percent
        and practitioners_per_10k = printed_per_10k as is_reproduced
    from recomputed
)

select * from final
