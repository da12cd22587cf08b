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

-- Where a facility stands whose settlement the register does not tell: its district, or its whole region.
astray as (
    select
        facilities.region_code,
        facilities.district_kato,
        max(facility_types.network_rank) as highest_rank
    from facilities
    inner join facility_types on facilities.facility_type = facility_types.facility_type
    where facilities.settlement_kato is null
    group by facilities.region_code, facilities.district_kato
),

possible as (
    select
        settlements.settlement_kato,
        max(astray.highest_rank) as highest_rank
    from settlements
    inner join astray
        on
            settlements.region_code = astray.region_code
            and (astray.district_kato is null or settlements.district_kato = astray.district_kato)
    group by settlements.settlement_kato
),

reporting as (
    select distinct region_code from facilities
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
        -- A region without any facility in the register did not report: that is no gap.
        case when reporting.region_code is not null then coalesce(present.facilities_count, 0) end
            as facilities_count,
        case
            when present.highest_rank >= holding.required_rank then true
            when
                reporting.region_code is not null
                and coalesce(possible.highest_rank, 0) < holding.required_rank
                then false
        end as is_met,
        as_of.as_of_date
    from settlements
    cross join as_of
    inner join holding
        on
            settlements.inhabitants_persons >= holding.from_inhabitants_persons
            and settlements.inhabitants_persons
            < coalesce(holding.below_inhabitants_persons, 9223372036854775807)
    left join present on settlements.settlement_kato = present.settlement_kato
    left join possible on settlements.settlement_kato = possible.settlement_kato
    left join reporting on settlements.region_code = reporting.region_code
)

select * from final
