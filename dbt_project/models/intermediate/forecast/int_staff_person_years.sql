-- One row per doctor's job and year of service that was seen whole: begun when leaving was already recorded
-- and over by the last month. A year of which only the leavers are known yet would show too many of them.
-- A job left for another of the same specialty, region and sector within half a year is no leaving.
with spells as (
    select * from {{ ref('int_staff_spells') }}
    where birth_year is not null and sex in ('female', 'male')
),

next_jobs as (
    select
        left_job.staff_key,
        left_job.specialty_code,
        left_job.hired_month,
        min(next_job.region_code) as region_code,
        min(next_job.sector_code) as sector_code
    from spells as left_job
    inner join spells as next_job
        on
            left_job.staff_key = next_job.staff_key
            and left_job.specialty_code = next_job.specialty_code
            and left_job.hired_month < next_job.hired_month
            and next_job.hired_month <= left_job.left_month + interval 6 months
    group by left_job.staff_key, left_job.specialty_code, left_job.hired_month
),

service_years as (
    select
        spells.*,
        unnest(range(
            1,
            date_diff('month', spells.hired_month, coalesce(spells.left_month, spells.as_of_month)) // 12 + 2
        )) as service_year
    from spells
),

windows as (
    select
        *,
        hired_month + to_months(cast(12 * (service_year - 1) as integer)) as begins_month,
        hired_month + to_months(cast(12 * service_year as integer)) as ends_month
    from service_years
),

seen as (
    select * from windows
    where
        begins_month >= coalesce(leaving_recorded_from_month, hired_month)
        and ends_month <= as_of_month + interval 1 month
),

final as (
    select
        seen.region_code,
        seen.specialty_code,
        seen.sector_code,
        cast(seen.service_year as integer) as service_year,
        cast(least(greatest(extract(year from seen.begins_month) - seen.birth_year, 15), 100) as integer)
            as age,
        seen.sex,
        seen.is_local_origin,
        cast(seen.pay_sd as double) as pay_sd,
        case
            when seen.left_month is null or seen.left_month >= seen.ends_month then 'stay'
            when seen.leave_reason = 'retire' then 'retire'
            when seen.leave_reason = 'death' then 'die'
            when seen.leave_reason = 'abroad' then 'abroad'
            when next_jobs.region_code <> seen.region_code then 'region'
            when next_jobs.sector_code = 'private' and seen.sector_code <> 'private' then 'private'
            when next_jobs.sector_code <> 'private' and seen.sector_code = 'private' then 'public'
            when next_jobs.region_code is not null then 'stay'
            when seen.leave_reason = 'move' then 'region'
            when seen.leave_reason = 'sector_exit' and seen.sector_code = 'private' then 'public'
            when seen.leave_reason = 'sector_exit' then 'private'
            else 'out'
        end as exit_code,
        cast(extract(year from seen.ends_month - interval 1 month) as integer) as year
    from seen
    left join next_jobs
        on
            seen.staff_key = next_jobs.staff_key
            and seen.specialty_code = next_jobs.specialty_code
            and seen.hired_month = next_jobs.hired_month
)

select * from final
