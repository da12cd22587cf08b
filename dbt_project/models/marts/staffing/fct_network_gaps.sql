with settlements as (
    select * from {{ ref('stg_registry__settlements') }}
),

facilities as (
    select * from {{ ref('dim_facilities') }}
    where status = 'active'
),

norms as (
    select * from {{ ref('stg_reference__network_norms') }}
),

facility_types as (
    select * from {{ ref('facility_types') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

-- As with provision norms, a repealed one stays marked where nothing took its place.
holding as (
    select
        norms.*,
        facility_types.network_rank as required_rank
    from norms
    cross join as_of
    inner join facility_types on norms.required_facility_type = facility_types.facility_type
    where
        norms.valid_from <= as_of.as_of_date
        and (
            coalesce(norms.valid_to, date '9999-12-31') >= as_of.as_of_date
            or norms.act_status = 'repealed'
        )
    qualify
        (coalesce(norms.valid_to, date '9999-12-31') >= as_of.as_of_date)
        = bool_or(coalesce(norms.valid_to, date '9999-12-31') >= as_of.as_of_date) over (
            partition by norms.from_inhabitants_persons
        )
),

present as (
    select
        facilities.settlement_kato,
        count(*) as facilities_count,
        string_agg(distinct facilities.facility_type, ', ' order by facilities.facility_type)
            as present_facility_types,
        max(facility_types.network_rank) as highest_rank
    from facilities
    inner join facility_types on facilities.facility_type = facility_types.facility_type
    group by facilities.settlement_kato
),

final as (
    select
        settlements.settlement_kato,
        holding.network_norm_id,
        settlements.region_code,
        settlements.district_kato,
        settlements.settlement,
        settlements.settlement_name_kk,
        settlements.settlement_name_ru,
        holding.required_facility_type,
        present.present_facility_types,
        holding.act_number,
        holding.act_status,
        settlements.inhabitants_persons,
        coalesce(present.facilities_count, 0) as facilities_count,
        coalesce(present.highest_rank, 0) >= holding.required_rank as is_met,
        as_of.as_of_date
    from settlements
    cross join as_of
    inner join holding
        on
            settlements.inhabitants_persons >= holding.from_inhabitants_persons
            and settlements.inhabitants_persons
            < coalesce(holding.below_inhabitants_persons, 9223372036854775807)
    left join present on settlements.settlement_kato = present.settlement_kato
)

select * from final
