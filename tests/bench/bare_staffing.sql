-- What bench_staffing.py holds the staffing marts against: the three deficits of every facility, specialty and month,
-- and their roll-ups, from the landed Parquet in one statement, written as a DuckDB user would.
create table rollups as
with lines as (
    select
        facility_id, specialty_code, position_code, month,
        sum(budgeted_fte) as budgeted_fte, sum(filled_fte) as filled_fte,
        sum(greatest(budgeted_fte - filled_fte, 0)) as vacant_fte,
        sum(greatest(filled_fte - budgeted_fte, 0)) as overfilled_fte,
        sum(case when is_funded then greatest(budgeted_fte - filled_fte, 0) else 0 end) as funded_vacant_fte,
        sum(case when has_housing then greatest(budgeted_fte - filled_fte, 0) else 0 end) as housed_vacant_fte,
        sum(greatest(filled_fte - persons_count, 0)) as combined_fte, sum(persons_count) as persons_count
    from read_parquet(':root/landing/staff_post/month=*/*.parquet', hive_partitioning = false)
    group by all
),

posts as (
    select
        facility_id, specialty_code, month, sum(budgeted_fte) as budgeted_fte, sum(filled_fte) as filled_fte,
        sum(vacant_fte) as vacant_fte, sum(overfilled_fte) as overfilled_fte,
        sum(funded_vacant_fte) as funded_vacant_fte, sum(housed_vacant_fte) as housed_vacant_fte,
        sum(combined_fte) as combined_fte, sum(persons_count) as persons_count
    from lines
    group by all
),

hours as (
    select facility_id, specialty_code, month, sum(units_count * 20 / 60) as service_hours
    from read_parquet(':root/activity/*.parquet')
    group by all
),

work as (
    select
        facility_id, specialty_code, month, sum(service_hours) over twelve_months as service_hours,
        count(*) over twelve_months as months_count
    from hours
    window twelve_months as (
        partition by facility_id, specialty_code order by month rows between 11 preceding and current row
    )
),

needs as (
    select facility_id, specialty_code, month, service_hours / 1519 / (1 - 0.1) as required_wisn_fte
    from work
    where months_count = 12
),

norms as (
    select facilities.facility_id, norms.specialty_code, facilities.attached_persons / 2000 as required_norm_fte
    from read_parquet(':root/landing/facility/part.parquet') as facilities
    cross join read_parquet(':root/landing/norm/part.parquet') as norms
),

deficits as (
    select
        posts.*, facilities.region_code, facilities.district_kato, facilities.care_level, facilities.ownership,
        facilities.settlement, specialties.specialty_group_code, specialties.staff_category,
        norms.required_norm_fte, needs.required_wisn_fte,
        greatest(norms.required_norm_fte - posts.filled_fte, 0) as norm_shortage_fte,
        greatest(posts.filled_fte - norms.required_norm_fte, 0) as norm_surplus_fte,
        greatest(needs.required_wisn_fte - posts.filled_fte, 0) as wisn_shortage_fte,
        greatest(posts.filled_fte - needs.required_wisn_fte, 0) as wisn_surplus_fte
    from posts
    left join norms using (facility_id, specialty_code)
    left join needs using (facility_id, specialty_code, month)
    left join read_parquet(':root/landing/facility/part.parquet') as facilities using (facility_id)
    left join read_csv('dbt_project/seeds/specialties.csv') as specialties using (specialty_code)
)

select
    month, region_code, district_kato, staff_category, specialty_code, specialty_group_code, care_level, ownership,
    settlement, sum(budgeted_fte) as budgeted_fte, sum(filled_fte) as filled_fte, sum(vacant_fte) as vacant_fte,
    sum(overfilled_fte) as overfilled_fte, sum(funded_vacant_fte) as funded_vacant_fte,
    sum(housed_vacant_fte) as housed_vacant_fte, sum(combined_fte) as combined_fte,
    sum(persons_count) as persons_count, sum(required_norm_fte) as required_norm_fte,
    sum(norm_shortage_fte) as norm_shortage_fte, sum(norm_surplus_fte) as norm_surplus_fte,
    sum(required_wisn_fte) as required_wisn_fte, sum(wisn_shortage_fte) as wisn_shortage_fte,
    sum(wisn_surplus_fte) as wisn_surplus_fte, count(*) as cells_count
from deficits
group by grouping sets (
    (month, staff_category), (month, region_code, staff_category),
    (month, region_code, district_kato, staff_category),
    (month, staff_category, specialty_code), (month, region_code, staff_category, specialty_code),
    (month, region_code, district_kato, staff_category, specialty_code),
    (month, staff_category, specialty_group_code), (month, region_code, staff_category, specialty_group_code),
    (month, region_code, district_kato, staff_category, specialty_group_code),
    (month, staff_category, care_level), (month, region_code, staff_category, care_level),
    (month, region_code, district_kato, staff_category, care_level),
    (month, staff_category, ownership), (month, region_code, staff_category, ownership),
    (month, region_code, district_kato, staff_category, ownership),
    (month, staff_category, settlement), (month, region_code, staff_category, settlement),
    (month, region_code, district_kato, staff_category, settlement),
    (month, staff_category, specialty_code, settlement),
    (month, region_code, staff_category, specialty_code, settlement)
);
