-- A batch states one sampling fraction; a blank or zero one gives no weight, so its rows give no volume
-- (quality check sampling_fraction_unknown) instead of a guessed one.
with deliveries as (
    select * from {{ ref('stg_door__deliveries') }}
),

final as (
    select
        contract,
        source_system,
        batch_id,
        1.0 / nullif(min(sampling_fraction), 0) as sampling_weight
    from deliveries
    group by contract, source_system, batch_id
)

select * from final
