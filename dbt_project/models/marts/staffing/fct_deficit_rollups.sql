{{
    config(
        materialized='incremental',
        incremental_strategy='delete+insert',
        unique_key='month',
        on_schema_change='fail',
        pre_hook="{{ forget_vanished_months('needs_fingerprint') }}",
    )
}}

with months as (
    {{ months_to_count('needs_fingerprint') }}
),

deficits as (
    select * from {{ ref('fct_deficits_monthly') }}
    where month in (select months.month from months)
),

facilities as (
    select * from {{ ref('stg_registry__facilities') }}
),

specialties as (
    select * from {{ ref('specialties') }}
),

-- Facilities of one kind in one district are one cell, known by a number: a third of the rows for what
-- follows, and
-- millions of rows are grouped by three keys instead of nine.
kinds as (
    select
        facility_id,
        region_code,
        district_kato,
        care_level,
        ownership,
        settlement,
        dense_rank() over (
            order by region_code, district_kato, care_level, ownership, settlement
        ) as kind_number
    from facilities
),

places as (
    select distinct
        kind_number,
        region_code,
        district_kato,
        care_level,
        ownership,
        settlement
    from kinds
),

summed as (
    select
        deficits.month,
        kinds.kind_number,
        deficits.specialty_code,
        deficits.norm_status,
        {{ sum_deficits() }},
        count(deficits.required_norm_fte) as norm_known_count,
        count(deficits.required_wisn_fte) as wisn_known_count,
        count(*) as cells_count
    from deficits
    left join kinds on deficits.facility_id = kinds.facility_id
    group by deficits.month, kinds.kind_number, deficits.specialty_code, deficits.norm_status
),

-- Standings of acts are kept as bits, one cheap aggregate instead of four.
cells as (
    select
        summed.*,
        places.region_code,
        places.district_kato,
        places.care_level,
        places.ownership,
        places.settlement,
        specialties.specialty_group_code,
        specialties.staff_category,
        case when summed.norm_status like '%in_force%' then 1 else 0 end
        + case when summed.norm_status like '%repealed%' then 2 else 0 end
        + case when summed.norm_status like '%user_supplied%' then 4 else 0 end
        + case when summed.norm_status like '%assumed%' then 8 else 0 end as norm_bits
    from summed
    left join places on summed.kind_number = places.kind_number
    left join specialties on summed.specialty_code = specialties.specialty_code
),

-- First by district; regions and the nation add districts, which is the same sum over far fewer rows.
-- Specialty by
-- urban and rural begins at the region: most districts are one or the other.
districts as (
    select
        month,
        coalesce(region_code, 'unknown') as region_code,
        case
            when grouping(district_kato) = 0 then coalesce(district_kato, 'unknown')
        end as district_kato,
        staff_category,
        specialty_code,
        specialty_group_code,
        care_level,
        ownership,
        settlement,
        grouping(specialty_code) as is_all_specialties,
        grouping(specialty_group_code) as is_all_groups,
        grouping(care_level) as is_all_levels,
        grouping(ownership) as is_all_ownerships,
        grouping(settlement) as is_all_settlements,
        bit_or(norm_bits) as norm_bits,
        {{ sum_deficits() }},
        sum(norm_known_count) as norm_known_count,
        sum(wisn_known_count) as wisn_known_count,
        sum(cells_count) as cells_count
    from cells
    group by grouping sets (
        (month, region_code, district_kato, staff_category),
        (month, region_code, district_kato, staff_category, specialty_code, specialty_group_code),
        (month, region_code, district_kato, staff_category, specialty_group_code),
        (month, region_code, district_kato, staff_category, care_level),
        (month, region_code, district_kato, staff_category, ownership),
        (month, region_code, district_kato, staff_category, settlement),
        (month, region_code, staff_category, specialty_code, specialty_group_code, settlement)
    )
),

areas as (
    select
        month,
        district_kato,
        region_code,
        staff_category,
        specialty_code,
        specialty_group_code,
        care_level,
        ownership,
        settlement,
        is_all_specialties,
        is_all_groups,
        is_all_levels,
        is_all_ownerships,
        is_all_settlements,
        grouping(district_kato) + grouping(region_code) as area_level,
        bit_or(norm_bits) as norm_bits,
        {{ sum_deficits() }},
        sum(norm_known_count) as norm_known_count,
        sum(wisn_known_count) as wisn_known_count,
        sum(cells_count) as cells_count
    from districts
    group by
        month,
        staff_category,
        specialty_code,
        specialty_group_code,
        care_level,
        ownership,
        settlement,
        is_all_specialties,
        is_all_groups,
        is_all_levels,
        is_all_ownerships,
        is_all_settlements,
        grouping sets ((district_kato, region_code), (region_code), ())
),

-- Rounded, because the order in which threads add fractions is not fixed and a re-run must give the
-- same bytes.
final as (
    select
        case areas.area_level when 0 then 'district' when 1 then 'region' else 'nation' end as level,
        case areas.area_level
            when 0 then areas.district_kato
            when 1 then areas.region_code
            else 'nation'
        end as area_code,
        areas.region_code,
        case
            when areas.is_all_specialties = 0 and areas.is_all_settlements = 0
                then 'specialty_settlement'
            when areas.is_all_specialties = 0 then 'specialty'
            when areas.is_all_groups = 0 then 'specialty_group'
            when areas.is_all_levels = 0 then 'care_level'
            when areas.is_all_ownerships = 0 then 'ownership'
            when areas.is_all_settlements = 0 then 'settlement'
            else 'all'
        end as split,
        {{ or_all('areas.is_all_specialties', 'areas.specialty_code') }} as specialty_code,
        {{ or_all('areas.is_all_groups', 'areas.specialty_group_code') }} as specialty_group_code,
        {{ or_all('areas.is_all_levels', 'areas.care_level') }} as care_level,
        {{ or_all('areas.is_all_ownerships', 'areas.ownership') }} as ownership,
        {{ or_all('areas.is_all_settlements', 'areas.settlement') }} as settlement,
        coalesce(areas.staff_category, 'unknown') as staff_category,
        {{ norm_status_of_bits('areas.norm_bits') }} as norm_status,
        cast(areas.budgeted_fte as decimal(14, 2)) as budgeted_fte,
        cast(areas.filled_fte as decimal(14, 2)) as filled_fte,
        cast(areas.vacant_fte as decimal(14, 2)) as vacant_fte,
        cast(areas.overfilled_fte as decimal(14, 2)) as overfilled_fte,
        cast(areas.funded_vacant_fte as decimal(14, 2)) as funded_vacant_fte,
        cast(areas.housed_vacant_fte as decimal(14, 2)) as housed_vacant_fte,
        cast(areas.combined_fte as decimal(14, 2)) as combined_fte,
        cast(areas.persons_count as bigint) as persons_count,
        round(areas.required_norm_fte, 6) as required_norm_fte,
        round(areas.norm_shortage_fte, 6) as norm_shortage_fte,
        round(areas.norm_surplus_fte, 6) as norm_surplus_fte,
        cast(areas.norm_known_count as bigint) as norm_known_count,
        round(areas.required_wisn_fte, 6) as required_wisn_fte,
        round(areas.wisn_shortage_fte, 6) as wisn_shortage_fte,
        round(areas.wisn_surplus_fte, 6) as wisn_surplus_fte,
        cast(areas.wisn_known_count as bigint) as wisn_known_count,
        cast(areas.cells_count as bigint) as cells_count,
        cast(areas.vacant_fte / nullif(areas.budgeted_fte, 0) as double) as vacant_share,
        areas.month,
        months.input_fingerprint
    from areas
    inner join months on areas.month = months.month
    where areas.area_level > 0 or areas.district_kato is not null
)

select * from final
