{{
    config(
        materialized='incremental',
        incremental_strategy='append',
        on_schema_change='fail',
        pre_hook="{{ forget_months('needs_fingerprint') }}",
        post_hook="{{ write_ledger('needs_fingerprint') }}",
    )
}}
{%- set counted = months_to_count('needs_fingerprint') %}

with months as (
    {{ months_as_rows(counted) }}
),

deficits as (
    select * from {{ ref('int_deficits_monthly') }}
    where {{ among_months('month', counted) }}
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
        deficits.norm_bits,
        {{ sum_deficits(in_billionths=true) }},
        count(deficits.required_norm_fte) as norm_known_count,
        count(deficits.required_wisn_fte) as wisn_known_count,
        count(*) as cells_count
    from deficits
    left join kinds on deficits.facility_id = kinds.facility_id
    group by deficits.month, kinds.kind_number, deficits.specialty_code, deficits.norm_bits
),

-- What is split by kind of facility needs no specialty, and the other way round: each is narrowed first.
by_kind as (
    select
        summed.month,
        summed.kind_number,
        specialties.staff_category,
        {{ add_deficits() }}
    from summed
    left join specialties on summed.specialty_code = specialties.specialty_code
    group by summed.month, summed.kind_number, specialties.staff_category
),

by_specialty as (
    select
        summed.month,
        places.region_code,
        places.district_kato,
        places.settlement,
        summed.specialty_code,
        {{ add_deficits() }}
    from summed
    left join places on summed.kind_number = places.kind_number
    group by
        summed.month, places.region_code, places.district_kato, places.settlement, summed.specialty_code
),

-- First by district; regions and the nation add districts, which is the same sum over far fewer rows.
-- What a row is split by is one code, so that few texts are grouped by.
districts_by_kind as (
    select
        by_kind.month,
        coalesce(places.region_code, 'unknown') as region_code,
        coalesce(places.district_kato, 'unknown') as district_kato,
        coalesce(by_kind.staff_category, 'unknown') as staff_category,
        case
            when grouping(places.care_level) = 0 then 'care_level'
            when grouping(places.ownership) = 0 then 'ownership'
            when grouping(places.settlement) = 0 then 'settlement'
            else 'all'
        end as split,
        case
            when grouping(places.care_level) = 0 then coalesce(places.care_level, 'unknown')
            when grouping(places.ownership) = 0 then coalesce(places.ownership, 'unknown')
            when grouping(places.settlement) = 0 then coalesce(places.settlement, 'unknown')
            else 'all'
        end as code,
        'all' as specialty_settlement,
        {{ add_deficits() }}
    from by_kind
    left join places on by_kind.kind_number = places.kind_number
    group by
        by_kind.month,
        places.region_code,
        places.district_kato,
        by_kind.staff_category,
        grouping sets ((), (places.care_level), (places.ownership), (places.settlement))
),

-- Specialty by urban and rural begins at the region: most districts are one or the other.
districts_by_specialty as (
    select
        by_specialty.month,
        coalesce(by_specialty.region_code, 'unknown') as region_code,
        case
            when grouping(by_specialty.district_kato) = 0
                then coalesce(by_specialty.district_kato, 'unknown')
        end as district_kato,
        coalesce(specialties.staff_category, 'unknown') as staff_category,
        case
            when grouping(by_specialty.settlement) = 0 then 'specialty_settlement'
            when grouping(by_specialty.specialty_code) = 0 then 'specialty'
            else 'specialty_group'
        end as split,
        case
            when grouping(by_specialty.specialty_code) = 0
                then coalesce(by_specialty.specialty_code, 'unknown')
            else coalesce(specialties.specialty_group_code, 'unknown')
        end as code,
        case
            when grouping(by_specialty.settlement) = 0 then coalesce(by_specialty.settlement, 'unknown')
            else 'all'
        end as specialty_settlement,
        {{ add_deficits() }}
    from by_specialty
    left join specialties on by_specialty.specialty_code = specialties.specialty_code
    group by
        by_specialty.month,
        by_specialty.region_code,
        specialties.staff_category,
        specialties.specialty_group_code,
        grouping sets (
            (by_specialty.district_kato, by_specialty.specialty_code),
            (by_specialty.district_kato),
            (by_specialty.specialty_code, by_specialty.settlement)
        )
),

districts as (
    select * from districts_by_kind
    union all
    select * from districts_by_specialty
),

areas as (
    select
        month,
        district_kato,
        region_code,
        staff_category,
        split,
        code,
        specialty_settlement,
        grouping(district_kato) + grouping(region_code) as area_level,
        {{ add_deficits() }}
    from districts
    group by
        month,
        staff_category,
        split,
        code,
        specialty_settlement,
        grouping sets ((district_kato, region_code), (region_code), ())
),

final as (
    select
        case areas.area_level when 0 then 'district' when 1 then 'region' else 'nation' end as level,
        case areas.area_level
            when 0 then areas.district_kato
            when 1 then areas.region_code
            else 'nation'
        end as area_code,
        areas.region_code,
        areas.split,
        case
            when areas.split in ('specialty', 'specialty_settlement') then areas.code
            else 'all'
        end as specialty_code,
        case
            when areas.split = 'specialty_group' then areas.code
            when areas.split like 'specialty%' then coalesce(specialties.specialty_group_code, 'unknown')
            else 'all'
        end as specialty_group_code,
        case when areas.split = 'care_level' then areas.code else 'all' end as care_level,
        case when areas.split = 'ownership' then areas.code else 'all' end as ownership,
        case when areas.split = 'settlement' then areas.code else areas.specialty_settlement end
            as settlement,
        areas.staff_category,
        {{ norm_status_of_bits('areas.norm_bits') }} as norm_status,
        cast(areas.budgeted_fte as decimal(14, 2)) as budgeted_fte,
        cast(areas.filled_fte as decimal(14, 2)) as filled_fte,
        cast(areas.vacant_fte as decimal(14, 2)) as vacant_fte,
        cast(areas.overfilled_fte as decimal(14, 2)) as overfilled_fte,
        cast(areas.funded_vacant_fte as decimal(14, 2)) as funded_vacant_fte,
        cast(areas.housed_vacant_fte as decimal(14, 2)) as housed_vacant_fte,
        cast(areas.budget_unknown_filled_fte as decimal(14, 2)) as budget_unknown_filled_fte,
        cast(areas.combined_fte as decimal(14, 2)) as combined_fte,
        cast(areas.persons_count as bigint) as persons_count,
        round(areas.required_norm_fte / 1e9, 6) as required_norm_fte,
        round(areas.norm_shortage_fte / 1e9, 6) as norm_shortage_fte,
        round(areas.norm_surplus_fte / 1e9, 6) as norm_surplus_fte,
        cast(areas.norm_known_count as bigint) as norm_known_count,
        round(areas.required_wisn_fte / 1e9, 6) as required_wisn_fte,
        round(areas.wisn_shortage_fte / 1e9, 6) as wisn_shortage_fte,
        round(areas.wisn_surplus_fte / 1e9, 6) as wisn_surplus_fte,
        cast(areas.wisn_known_count as bigint) as wisn_known_count,
        cast(areas.cells_count as bigint) as cells_count,
        cast(areas.vacant_fte / nullif(areas.budgeted_fte, 0) as double) as vacant_share,
        areas.month,
        months.input_fingerprint
    from areas
    inner join months on areas.month = months.month
    left join specialties
        on
            areas.code = specialties.specialty_code
            and areas.split in ('specialty', 'specialty_settlement')
    where areas.area_level > 0 or areas.district_kato is not null
)

select * from final
