with deliveries as (
    select * from {{ ref('stg_door__deliveries') }}
),

landed_rows as (
    select * from {{ ref('int_landed_rows') }}
),

by_delivery as (
    select
        contract,
        source_kind,
        source_system,
        batch_id,
        month,
        as_of_date,
        sum(records_in) as records_in_count,
        sum(landed) as landed_count,
        sum(superseded) as superseded_count,
        sum(quarantined) as quarantined_count,
        bool_or(is_demonstration) as is_demonstration,
        min(sampling_fraction) as sampling_fraction
    from deliveries
    group by contract, source_kind, source_system, batch_id, month, as_of_date
),

-- A source's first delivery brings its history: no month of it was due before the source began.
beginnings as (
    select
        contract,
        source_system,
        min(as_of_date) as began_date
    from deliveries
    group by contract, source_system
),

by_contract as (
    select
        contract,
        month,
        sum(landed) as landed_count
    from deliveries
    group by contract, month
),

final as (
    select
        by_delivery.contract,
        by_delivery.source_kind,
        by_delivery.source_system,
        by_delivery.batch_id,
        cast(by_delivery.records_in_count as bigint) as records_in_count,
        cast(by_delivery.landed_count as bigint) as landed_count,
        cast(by_delivery.superseded_count as bigint) as superseded_count,
        cast(by_delivery.quarantined_count as bigint) as quarantined_count,
        cast(coalesce(landed_rows.rows_count, 0) as bigint) as landed_rows_count,
        cast(by_delivery.as_of_date - last_day(by_delivery.month) as integer) as delay_days,
        by_delivery.records_in_count
        = by_delivery.landed_count + by_delivery.superseded_count + by_delivery.quarantined_count
            as is_conserved,
        coalesce(landed_rows.rows_count, 0) = by_contract.landed_count as is_landed_confirmed,
        coalesce(
            by_delivery.as_of_date
            > greatest(last_day(by_delivery.month), beginnings.began_date) + {{ var('late_after_days') }},
            false
        ) as is_late,
        by_delivery.is_demonstration,
        by_delivery.sampling_fraction,
        by_delivery.month,
        case
            when by_delivery.month is not null
                then
                    greatest(last_day(by_delivery.month), beginnings.began_date)
                    + {{ var('late_after_days') }}
        end as due_date,
        by_delivery.as_of_date
    from by_delivery
    inner join beginnings
        on
            by_delivery.contract = beginnings.contract
            and by_delivery.source_system is not distinct from beginnings.source_system
    inner join by_contract
        on
            by_delivery.contract = by_contract.contract
            and by_delivery.month is not distinct from by_contract.month
    left join landed_rows
        on
            by_delivery.contract = landed_rows.contract
            and by_delivery.month is not distinct from landed_rows.month
)

select * from final
