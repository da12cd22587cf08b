-- The three bases of one specialty beside one another, by month and facility type, so that facilities
-- meet them once
-- and nothing is grouped again per facility.
with norms as (
    select * from {{ ref('int_norms_by_type') }}
),

grouped as (
    select
        month,
        specialty_code,
        facility_type,
        bool_or(is_overlapping) as is_overlapping,
        bool_or(is_repealed) as is_repealed,
        bool_or(is_user_supplied) as is_user_supplied,
        bool_or(is_assumed) as is_assumed,
        bool_or(is_in_force) as is_in_force,
        string_agg(distinct act_numbers, '; ' order by act_numbers) as norm_act_numbers,
        bool_or(basis = 'per_population') as is_per_population,
        bool_or(basis = 'per_beds') as is_per_beds,
        max(basis_units_count) filter (where basis = 'per_population') as persons_per_post,
        max(basis_units_count) filter (where basis = 'per_beds') as beds_per_post,
        max(basis_units_count) filter (where basis = 'per_visits') as visits_per_post
    from norms
    group by month, specialty_code, facility_type
),

final as (
    select
        *,
        {{ norm_status('grouped') }} as norm_status,
        {{ norm_bits('grouped') }} as norm_bits
    from grouped
)

select * from final
