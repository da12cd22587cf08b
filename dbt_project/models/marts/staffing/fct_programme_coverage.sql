with pools as (
    select * from {{ ref('int_programme_pools') }}
),

facilities as (
    select * from {{ ref('dim_facilities') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

final as (
    select
        pools.facility_id,
        pools.programme_code,
        facilities.region_code,
        facilities.district_kato,
        pools.basis,
        cast(pools.pool_facilities_count as integer) as pool_facilities_count,
        cast(pools.pool_registered_count as bigint) as pool_sampled_persons_count,
        cast(pools.pool_registered_count * pools.pool_weight * pools.pool_share as double)
            as registered_persons,
        cast(pools.pool_managed_count * pools.pool_weight * pools.pool_share as double) as managed_persons,
        cast(pools.pool_managed_count / pools.pool_registered_count as double) as coverage_share,
        as_of.as_of_date
    from pools
    cross join as_of
    left join facilities on pools.facility_id = facilities.facility_id
)

select * from final
