-- The norm that holds for every month, specialty, basis and facility type. A norm of the type itself
-- goes before
-- one for all types. Where two of equal standing hold at once none is chosen (`is_overlapping`).
with norms as (
    select * from {{ ref('stg_reference__norms') }}
),

months as (
    select month from {{ ref('int_month_fingerprints') }}
    union
    select as_of_month as month from {{ ref('int_as_of') }}
    where as_of_month is not null
),

facility_types as (
    select * from {{ ref('facility_types') }}
),

effective as (
    select
        *,
        -- The user's own norm goes before an act, an act before an assumption. An act that has been
        -- repealed holds
        -- on only where nothing else does.
        case
            when act_status = 'user_supplied' then 1
            when act_status in ('in_force', 'repealed') then 2
            else 3
        end as standing_rank
    from norms
),

holding as (
    select
        months.month,
        effective.specialty_code,
        effective.basis,
        facility_types.facility_type,
        effective.facility_type is not null as is_of_type,
        effective.norm_id,
        effective.basis_units_count,
        effective.act_number,
        effective.act_status,
        case
            when coalesce(effective.valid_to, date '9999-12-31') >= last_day(months.month)
                then effective.standing_rank
            else 4
        end as standing_rank,
        effective.valid_to
    from months
    inner join effective
        on
            effective.valid_from <= last_day(months.month)
            and (
                coalesce(effective.valid_to, date '9999-12-31') >= last_day(months.month)
                or effective.act_status = 'repealed'
            )
    inner join facility_types
        on
            effective.facility_type is null
            or effective.facility_type = facility_types.facility_type
),

chosen as (
    select *
    from holding
    qualify
        rank() over (
            partition by month, specialty_code, basis, facility_type
            order by
                is_of_type desc,
                standing_rank,
                case when standing_rank = 4 then valid_to end desc
        ) = 1
),

final as (
    select
        month,
        specialty_code,
        basis,
        facility_type,
        count(*) > 1 as is_overlapping,
        case when count(*) = 1 then min(basis_units_count) end as basis_units_count,
        string_agg(norm_id, '; ' order by norm_id) as norm_ids,
        string_agg(distinct act_number, '; ' order by act_number) as act_numbers,
        bool_or(act_status = 'repealed') as is_repealed,
        bool_or(act_status = 'user_supplied') as is_user_supplied,
        bool_or(act_status = 'assumed') as is_assumed,
        bool_or(act_status = 'in_force') as is_in_force
    from chosen
    group by month, specialty_code, basis, facility_type
)

select * from final
