-- Doctors who left a job for one in another region within half a year, by pair of regions.
with spells as (
    select * from {{ ref('int_staff_spells') }}
),

final as (
    select
        left_job.region_code as from_region_code,
        next_job.region_code as to_region_code,
        cast(count(distinct left_job.staff_key) as double) as persons
    from spells as left_job
    inner join spells as next_job
        on
            left_job.staff_key = next_job.staff_key
            and left_job.specialty_code = next_job.specialty_code
            and left_job.region_code <> next_job.region_code
            and left_job.hired_month < next_job.hired_month
            and next_job.hired_month <= left_job.left_month + interval 6 months
    group by left_job.region_code, next_job.region_code
)

select * from final
