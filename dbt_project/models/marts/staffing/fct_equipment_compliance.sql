with equipment as (
    select * from {{ ref('stg_registry__equipment') }}
    where status <> 'written_off'
),

equipment_types as (
    select * from {{ ref('equipment_types') }}
),

norms as (
    select * from {{ ref('stg_reference__equipment_norms') }}
),

facilities as (
    select * from {{ ref('dim_facilities') }}
    where status = 'active'
),

specialists as (
    select * from {{ ref('int_specialists_latest') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

holding as (
    select norms.*
    from norms
    cross join as_of
    where
        norms.valid_from <= as_of.as_of_date
        and (
            coalesce(norms.valid_to, date '9999-12-31') >= as_of.as_of_date
            or norms.act_status = 'repealed'
        )
    qualify
        row_number() over (
            partition by norms.facility_type, norms.equipment_type_code
            order by
                coalesce(norms.valid_to, date '9999-12-31') >= as_of.as_of_date desc,
                norms.valid_from desc
        ) = 1
),

-- Items of a type that the code list does not know are left out (quality check equipment_type_unknown).
owned as (
    select
        equipment.facility_id,
        equipment.equipment_type_code,
        sum(equipment.quantity_count) filter (where equipment.status = 'working') as working_count,
        sum(equipment.quantity_count) filter (where equipment.status = 'repair') as repair_count,
        sum(equipment.quantity_count) filter (where equipment.status = 'idle') as idle_count,
        max(equipment.wear_share) filter (where equipment.status = 'working') as highest_wear_share
    from equipment
    inner join equipment_types
        on equipment.equipment_type_code = equipment_types.equipment_type_code
    group by equipment.facility_id, equipment.equipment_type_code
),

-- A region of which the register holds no item did not deliver it: nothing is missing there, all is unknown.
reporting as (
    select distinct facilities.region_code
    from equipment
    inner join facilities on equipment.facility_id = facilities.facility_id
),

required as (
    select
        facilities.facility_id,
        holding.equipment_type_code,
        holding.minimum_count,
        holding.act_number,
        holding.act_status
    from facilities
    inner join reporting on facilities.region_code = reporting.region_code
    inner join holding on facilities.facility_type = holding.facility_type
),

joined as (
    select
        coalesce(required.facility_id, owned.facility_id) as facility_id,
        coalesce(required.equipment_type_code, owned.equipment_type_code) as equipment_type_code,
        required.minimum_count,
        required.act_number,
        required.act_status,
        coalesce(owned.working_count, 0) as working_count,
        coalesce(owned.repair_count, 0) as repair_count,
        coalesce(owned.idle_count, 0) as idle_count,
        owned.highest_wear_share
    from required
    full outer join owned
        on
            required.facility_id = owned.facility_id
            and required.equipment_type_code = owned.equipment_type_code
),

final as (
    select
        joined.facility_id,
        joined.equipment_type_code,
        facilities.region_code,
        facilities.district_kato,
        facilities.ownership,
        facilities.facility_type,
        joined.act_number,
        joined.act_status,
        case
            when joined.minimum_count is null then 'no_standard'
            when joined.working_count >= joined.minimum_count then 'met'
            else 'missing'
        end as compliance,
        equipment_types.required_specialty_code,
        joined.minimum_count,
        cast(joined.working_count as bigint) as working_count,
        cast(joined.repair_count as bigint) as repair_count,
        cast(joined.idle_count as bigint) as idle_count,
        cast({{ shortfall('joined.minimum_count', 'joined.working_count') }} as double)
            as missing_count,
        joined.highest_wear_share,
        cast(specialists.filled_fte as decimal(12, 2)) as specialist_filled_fte,
        -- A facility that did not report its posts is unknown, not without a specialist.
        case
            when equipment_types.required_specialty_code is null or joined.working_count = 0 then false
            else specialists.filled_fte = 0
        end as is_without_specialist,
        as_of.as_of_date
    from joined
    cross join as_of
    inner join facilities on joined.facility_id = facilities.facility_id
    inner join equipment_types on joined.equipment_type_code = equipment_types.equipment_type_code
    left join specialists
        on
            joined.facility_id = specialists.facility_id
            and equipment_types.required_specialty_code = specialists.specialty_code
)

select * from final
