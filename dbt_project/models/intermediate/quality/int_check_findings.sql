-- One row per check and subject that fails it, with what was done about it and how to mend it. What the
-- door refuses
-- is not repeated here (`fct_quarantine_reasons`).
with as_of as (
    select * from {{ ref('int_as_of') }}
),

facilities as (
    select * from {{ ref('dim_facilities') }}
),

facility_types as (
    select * from {{ ref('facility_types') }}
),

latest_posts as (
    select * from {{ ref('fct_posts_monthly') }}
    where month = (select as_of.as_of_month from as_of)
),

standing_norms as (
    select
        norm_id,
        specialty_code,
        basis,
        facility_type,
        basis_units_count,
        act_number,
        case act_status when 'user_supplied' then 1 when 'assumed' then 3 else 2 end as standing_rank,
        valid_from,
        coalesce(valid_to, date '9999-12-31') as valid_to
    from {{ ref('stg_reference__norms') }}
),

used_bases as (
    select
        specialty_code,
        facility_id,
        case
            when basis_persons is not null then 'per_population'
        end as population_basis,
        case when basis_beds_count is not null then 'per_beds' end as beds_basis,
        case when basis_visits_count is not null then 'per_visits' end as visits_basis
    from {{ ref('int_norm_needs_monthly') }}
    where month = (select as_of.as_of_month from as_of)
),

needs as (
    select distinct
        used_bases.specialty_code,
        facilities.facility_type,
        unnest([used_bases.population_basis, used_bases.beds_basis, used_bases.visits_basis]) as basis
    from used_bases
    inner join facilities on used_bases.facility_id = facilities.facility_id
),

-- Any common day counts, so that an overlap is named before it meets the end of a month.
overlapping_norms as (
    select
        'norms_overlap' as check_code,
        cast(null as varchar) as region_code,
        'norm' as subject_kind,
        norms.norm_id || '; ' || others.norm_id as subject_id,
        'Norms of ' || norms.specialty_code || ' ' || norms.basis || ' for '
        || coalesce(norms.facility_type, 'all facility types') || ' hold at the same time from '
        || cast(greatest(norms.valid_from, others.valid_from) as varchar) || coalesce(
            ' to ' || cast(nullif(least(norms.valid_to, others.valid_to), date '9999-12-31') as varchar),
            ''
        ) || ': ' || cast(norms.basis_units_count as varchar) || ' (' || norms.act_number || ') and '
        || cast(others.basis_units_count as varchar) || ' (' || others.act_number
        || '); none is chosen and no norm gap is shown for those months.' as explanation,
        'End one of them before the other begins (valid_to).' as how_to_mend,
        cast(null as date) as month
    from standing_norms as norms
    inner join standing_norms as others
        on
            norms.norm_id < others.norm_id
            and norms.specialty_code = others.specialty_code
            and norms.basis = others.basis
            and norms.facility_type is not distinct from others.facility_type
            and norms.standing_rank = others.standing_rank
            and norms.valid_from <= others.valid_to
            and norms.valid_to >= others.valid_from
),

-- A norm that no facility can be measured by: beds of a type without beds, visits nobody recorded.
idle_norms as (
    select
        'norm_without_basis' as check_code,
        cast(null as varchar) as region_code,
        'norm' as subject_kind,
        holding.norm_ids as subject_id,
        'The norm of ' || holding.specialty_code || ' ' || holding.basis || ' for '
        || string_agg(distinct holding.facility_type, ', ' order by holding.facility_type)
        || ' asks for no post: no such facility states what it counts by.' as explanation,
        case holding.basis
            when 'per_population' then 'Deliver attached_persons, or another facility_type of the norm.'
            when 'per_beds' then 'Deliver beds_count, or another facility_type of the norm.'
            else 'Visits are those of the specialty itself over twelve months: use another basis.'
        end as how_to_mend,
        max(holding.month) as month
    from {{ ref('int_norms_by_type') }} as holding
    cross join as_of
    left join needs
        on
            holding.specialty_code = needs.specialty_code
            and holding.facility_type = needs.facility_type
            and holding.basis = needs.basis
    where holding.month = as_of.as_of_month and not holding.is_overlapping
    group by holding.norm_ids, holding.specialty_code, holding.basis
    having count(needs.basis) = 0
),

without_standard as (
    select
        'position_without_standard' as check_code,
        cast(null as varchar) as region_code,
        'position' as subject_kind,
        latest_posts.position_code as subject_id,
        'No activity standard holds: ' || cast(sum(latest_posts.filled_fte) as varchar)
        || ' filled posts have no need by workload.' as explanation,
        'Deliver an activity_standard row for the position.' as how_to_mend,
        max(latest_posts.month) as month
    from latest_posts
    where
        latest_posts.position_code not in (
            select hours.position_code
            from {{ ref('int_activity_hours') }} as hours
            where hours.month = (select as_of.as_of_month from as_of)
        )
    group by latest_posts.position_code
),

allowances as (
    select
        'allowances_exceed_time' as check_code,
        cast(null as varchar) as region_code,
        'position' as subject_kind,
        position_code as subject_id,
        'Support of position ' || position_code || ' takes '
        || cast(round(100 * category_allowance_share, 1) as varchar)
        || ' percent of its working time; no need can be computed.' as explanation,
        'Lower the category allowances of the position below 100 percent, or mark those of some members as '
        || 'individual.' as how_to_mend,
        max(month) as month
    from {{ ref('int_support_allowances') }}
    where category_allowance_share >= 1
    group by position_code, category_allowance_share
),

calendars as (
    select
        'calendar_missing' as check_code,
        cast(null as varchar) as region_code,
        'position' as subject_kind,
        position_code as subject_id,
        'No working-time calendar for ' || cast(extract(year from month) as varchar)
        || '; no need by workload is shown.' as explanation,
        'Deliver a leave_calendar row for the year.' as how_to_mend,
        max(month) as month
    from {{ ref('int_wisn_monthly') }}
    where data_status = 'no_calendar' and workload_units_count is not null
    group by position_code, extract(year from month)
),

attachment as (
    select
        'attached_population_missing' as check_code,
        facilities.region_code,
        'facility' as subject_kind,
        facilities.facility_id as subject_id,
        'A ' || facilities.facility_type
        || ' without attached population: its norms per population give no figure.' as explanation,
        'Deliver attached_persons (0 where nobody is attached).' as how_to_mend,
        cast(null as date) as month
    from facilities
    inner join facility_types on facilities.facility_type = facility_types.facility_type
    where
        facility_types.has_attachment
        and facilities.attached_persons is null
        and facilities.status = 'active'
),

beds as (
    select
        'beds_missing' as check_code,
        facilities.region_code,
        'facility' as subject_kind,
        facilities.facility_id as subject_id,
        'A ' || facilities.facility_type || ' without beds: its norms per beds give no figure.'
            as explanation,
        'Deliver beds_count (0 where there are none).' as how_to_mend,
        cast(null as date) as month
    from facilities
    inner join facility_types on facilities.facility_type = facility_types.facility_type
    where
        facility_types.has_beds
        and facilities.beds_count is null
        and facilities.status = 'active'
),

unknown_equipment as (
    select
        'equipment_type_unknown' as check_code,
        facilities.region_code,
        'equipment' as subject_kind,
        equipment.equipment_id as subject_id,
        'Type ' || equipment.equipment_type_code || ' is not in the code list; the item is left out.'
            as explanation,
        'Mend the type, or add it to the code list equipment_types.' as how_to_mend,
        cast(null as date) as month
    from {{ ref('stg_registry__equipment') }} as equipment
    left join {{ ref('equipment_types') }} as types
        on equipment.equipment_type_code = types.equipment_type_code
    left join facilities on equipment.facility_id = facilities.facility_id
    where types.equipment_type_code is null
),

other_specialist as (
    select
        'equipment_specialty_differs' as check_code,
        facilities.region_code,
        'equipment' as subject_kind,
        equipment.equipment_id as subject_id,
        'The register asks for ' || equipment.required_specialty_code || ', the code list for '
        || coalesce(types.required_specialty_code, 'nobody') || '; the code list is used.' as explanation,
        'Mend required_specialty_code of the item.' as how_to_mend,
        cast(null as date) as month
    from {{ ref('stg_registry__equipment') }} as equipment
    inner join {{ ref('equipment_types') }} as types
        on equipment.equipment_type_code = types.equipment_type_code
    left join facilities on equipment.facility_id = facilities.facility_id
    where
        equipment.required_specialty_code is not null
        and equipment.required_specialty_code is distinct from types.required_specialty_code
),

coordinates as (
    select
        'settlement_without_coordinates' as check_code,
        region_code,
        'settlement' as subject_kind,
        settlement_kato as subject_id,
        'No coordinates: accessibility is not shown for it, and its inhabitants share no doctor.'
            as explanation,
        'Deliver latitude and longitude.' as how_to_mend,
        cast(null as date) as month
    from {{ ref('stg_registry__settlements') }}
    where latitude is null
),

inhabitants as (
    select
        'settlement_without_inhabitants' as check_code,
        region_code,
        'settlement' as subject_kind,
        settlement_kato as subject_id,
        'Inhabitants unknown: no network norm can be applied.' as explanation,
        'Deliver inhabitants_persons.' as how_to_mend,
        cast(null as date) as month
    from {{ ref('stg_registry__settlements') }}
    where inhabitants_persons is null
),

closed as (
    select
        'closed_facility_with_staff' as check_code,
        facilities.region_code,
        'facility' as subject_kind,
        facilities.facility_id as subject_id,
        'Closed' || coalesce(' on ' || cast(facilities.closed_date as varchar), '') || ' but '
        || coalesce(
            cast(sum(latest_posts.budgeted_fte) as varchar) || ' established and '
            || cast(sum(latest_posts.filled_fte) as varchar) || ' filled posts are reported;',
            cast(sum(latest_posts.filled_fte) as varchar)
            || ' filled posts are reported, established ones unknown;'
        ) || ' they stay in the totals.' as explanation,
        'Mend the status of the facility, or end its staffing table.' as how_to_mend,
        max(latest_posts.month) as month
    from latest_posts
    inner join facilities on latest_posts.facility_id = facilities.facility_id
    where facilities.status = 'closed'
    group by facilities.region_code, facilities.facility_id, facilities.closed_date
),

shrinkage as (
    select
        'posts_shrink' as check_code,
        region_code,
        'facility' as subject_kind,
        facility_id as subject_id,
        explanation,
        'Confirm the reform that took the posts, or deliver the whole staffing table again.' as how_to_mend,
        month
    from {{ ref('fct_post_shrinkage') }}
),

silent as (
    select
        'facility_without_posts' as check_code,
        region_code,
        'facility' as subject_kind,
        facility_id as subject_id,
        'Active, but no staffing table arrived; its posts are missing from every total, not zero.'
            as explanation,
        'Deliver its staffing table of the month.' as how_to_mend,
        month
    from {{ ref('fct_completeness') }}
    where
        not has_posts
        and month = (select as_of.as_of_month from as_of)
        and exists (select 1 from latest_posts)
),

unknown_fraction as (
    select distinct
        'sampling_fraction_unknown' as check_code,
        cast(null as varchar) as region_code,
        'delivery' as subject_kind,
        batch_id as subject_id,
        'Contract ' || contract || ' states no sampling fraction; its volumes are left out.'
            as explanation,
        'State sampling_fraction in the manifest (1 for all persons).' as how_to_mend,
        cast(null as date) as month
    from {{ ref('int_sampling_weights') }}
    where sampling_weight is null and contract like 'passport_%'
),

final as (
    select * from overlapping_norms
    union all
    select * from idle_norms
    union all
    select * from without_standard
    union all
    select * from allowances
    union all
    select * from calendars
    union all
    select * from attachment
    union all
    select * from beds
    union all
    select * from unknown_equipment
    union all
    select * from other_specialist
    union all
    select * from coordinates
    union all
    select * from inhabitants
    union all
    select * from closed
    union all
    select * from shrinkage
    union all
    select * from silent
    union all
    select * from unknown_fraction
)

select * from final
