-- Doctors in post at the end of each whole year on record, by age, sex and completed years of service.
-- Who holds several jobs is one person, in the largest of them; full-time equivalents stand where they are
-- worked. Rows without a year of birth or a sex cannot be aged and are left out (see the forecast's reasons).
with spells as (
    select * from {{ ref('int_staff_spells') }}
    where birth_year is not null and sex in ('female', 'male')
),

years as (
    select
        cast(unnest(range(
            extract(year from min(coalesce(leaving_recorded_from_month, as_of_month))),
            -- The last whole year: the one before, unless the data reach December.
            extract(year from max(as_of_month + interval 1 month))
        )) as integer) as year
    from spells
),

in_post as (
    select
        years.year,
        spells.*,
        row_number() over (
            partition by years.year, spells.staff_key
            order by spells.fte desc, spells.hired_month asc, spells.region_code asc
        ) = 1 as is_main_job
    from years
    inner join spells
        on
            spells.hired_month <= make_date(years.year, 12, 1)
            and (spells.left_month is null or spells.left_month > make_date(years.year, 12, 1))
),

final as (
    select
        region_code,
        specialty_code,
        sector_code,
        year,
        cast(least(greatest(year - birth_year, 15), 100) as integer) as age,
        sex,
        cast(date_diff('month', hired_month, make_date(year, 12, 1)) // 12 as integer) as service_year,
        cast(count(*) filter (where is_main_job) as double) as persons,
        cast(sum(fte) as double) as fte
    from in_post
    group by all
)

select * from final
