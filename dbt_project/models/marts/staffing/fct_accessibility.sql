with settlements as (
    select * from {{ ref('dim_settlements') }}
    where latitude is not null
),

catchments as (
    select * from {{ ref('catchments') }}
),

supply as (
    select * from {{ ref('int_doctors_located') }}
),

pairs as (
    select
        near.settlement_kato,
        near.facility_id,
        near.distance_km,
        supply.specialty_group_code,
        supply.filled_fte,
        settlements.inhabitants_persons,
        {{ distance_weight('near.distance_km', 'catchments.catchment_km') }} as distance_weight
    from {{ ref('int_settlement_distances') }} as near
    inner join supply on near.facility_id = supply.facility_id
    inner join catchments
        on
            supply.specialty_group_code = catchments.specialty_group_code
            and near.distance_km <= catchments.catchment_km
    inner join settlements on near.settlement_kato = settlements.settlement_kato
),

-- Step 1: doctors of a facility over all who can reach it, the far counting less.
facility_ratios as (
    select
        facility_id,
        specialty_group_code,
        max(filled_fte)
        / nullif({{ steady_sum('inhabitants_persons * distance_weight') }}, 0) as fte_per_person
    from pairs
    group by facility_id, specialty_group_code
),

-- Step 2: what a settlement reaches, the far counting less again.
reached as (
    select
        pairs.settlement_kato,
        pairs.specialty_group_code,
        {{ steady_sum('facility_ratios.fte_per_person * pairs.distance_weight * 10000') }}
            as accessibility_per_10k,
        min(pairs.distance_km) as nearest_km,
        count(*) as facilities_in_reach_count
    from pairs
    inner join facility_ratios
        on
            pairs.facility_id = facility_ratios.facility_id
            and pairs.specialty_group_code = facility_ratios.specialty_group_code
    group by pairs.settlement_kato, pairs.specialty_group_code
),

-- Without any staffing table nothing is known; with one, nobody in reach is zero.
as_of as (
    select
        days.as_of_month,
        days.as_of_month is not null and exists (select 1 from supply) as is_supply_known
    from {{ ref('int_as_of') }} as days
),

final as (
    select
        settlements.settlement_kato,
        catchments.specialty_group_code,
        settlements.region_code,
        settlements.district_kato,
        settlements.settlement,
        settlements.settlement_name_kk,
        settlements.settlement_name_ru,
        settlements.latitude,
        settlements.longitude,
        settlements.inhabitants_persons,
        case when as_of.is_supply_known then coalesce(reached.accessibility_per_10k, 0) end
            as accessibility_per_10k,
        reached.nearest_km,
        catchments.catchment_km,
        case when as_of.is_supply_known then coalesce(reached.facilities_in_reach_count, 0) end
            as facilities_in_reach_count,
        as_of.as_of_month
    from settlements
    cross join catchments
    cross join as_of
    left join reached
        on
            settlements.settlement_kato = reached.settlement_kato
            and catchments.specialty_group_code = reached.specialty_group_code
)

select * from final
