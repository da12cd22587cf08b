with registers as (
    select * from {{ ref('int_chronic_registers') }}
),

facilities as (
    select * from {{ ref('dim_facilities') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

final as (
    select
        registers.facility_id,
        registers.programme_code,
        facilities.region_code,
        facilities.district_kato,
        registers.registered_persons,
        registers.managed_persons,
        registers.managed_persons / nullif(registers.registered_persons, 0) as coverage_share,
        registers.sampled_persons_count,
        as_of.as_of_date
    from registers
    cross join as_of
    left join facilities on registers.facility_id = facilities.facility_id
)

select * from final
