-- Doctors' jobs from hire to leaving, with the place, the origin and the pay of the employer's band.
-- Salary bands are ranked by their name; within a specialty the rank is counted in standard deviations.
with members as (
    select * from {{ ref('stg_registry__staff_members') }}
),

specialties as (
    select * from {{ ref('specialties') }}
    where staff_category = 'doctor'
),

facilities as (
    select * from {{ ref('stg_registry__facilities') }}
),

posts as (
    select * from {{ ref('stg_registry__staff_posts') }}
),

latest_posts as (
    select * from posts
    where month = (select max(every_month.month) from posts as every_month)
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

bands as (
    select
        salary_band,
        dense_rank() over (order by salary_band) as band_rank
    from (
        select distinct salary_band from latest_posts
        where salary_band is not null
    ) as known_bands
),

pay as (
    select
        latest_posts.facility_id,
        latest_posts.position_code,
        latest_posts.specialty_code,
        avg(bands.band_rank) as band_rank
    from latest_posts
    inner join bands on latest_posts.salary_band = bands.salary_band
    group by latest_posts.facility_id, latest_posts.position_code, latest_posts.specialty_code
),

spread as (
    select
        specialty_code,
        avg(band_rank) as mean_rank,
        nullif(stddev_pop(band_rank), 0) as rank_sd
    from pay
    group by specialty_code
),

final as (
    select
        members.staff_key,
        facilities.region_code,
        members.specialty_code,
        case
            when facilities.ownership in ('private', 'ngo') then 'private'
            when facilities.settlement = 'rural' then 'public_rural'
            else 'public_urban'
        end as sector_code,
        members.birth_year,
        members.sex,
        members.fte,
        coalesce(members.home_region_code = facilities.region_code, false) as is_local_origin,
        coalesce((pay.band_rank - spread.mean_rank) / spread.rank_sd, 0) as pay_sd,
        members.hired_month,
        members.left_month,
        members.leave_reason,
        as_of.as_of_month,
        -- Nobody is on record as having left before the register began to record leaving.
        min(members.left_month) over () as leaving_recorded_from_month
    from members
    inner join specialties on members.specialty_code = specialties.specialty_code
    inner join facilities on members.facility_id = facilities.facility_id
    left join pay
        on
            members.facility_id = pay.facility_id
            and members.position_code = pay.position_code
            and members.specialty_code = pay.specialty_code
    left join spread on members.specialty_code = spread.specialty_code
    cross join as_of
)

select * from final
