with regions as (
    select * from {{ ref('dim_regions') }}
),

facilities as (
    select * from {{ ref('dim_facilities') }}
),

posts as (
    select distinct
        'staff_post' as contract,
        facility_id,
        month
    from {{ ref('fct_posts_monthly') }}
),

activity as (
    select distinct
        'passport_encounter' as contract,
        facility_id,
        month
    from {{ ref('int_activity_monthly') }}
),

reported as (
    select * from posts
    union all
    select * from activity
),

contract_months as (
    select distinct
        contract,
        month
    from reported
),

-- A region is expected to report when the registry holds facilities of it. Contacts of a branch are delivered
-- by the
-- facility it belongs to.
expected as (
    select
        facilities.region_code,
        contract_months.contract,
        contract_months.month,
        count(*) as active_facilities_count
    from facilities
    inner join contract_months
        on
            coalesce(facilities.opened_date, date '0001-01-01') <= last_day(contract_months.month)
            and coalesce(facilities.closed_date, date '9999-12-31') > contract_months.month
    where
        (facilities.status = 'active' or facilities.closed_date is not null)
        and (contract_months.contract = 'staff_post' or facilities.parent_facility_id is null)
    group by facilities.region_code, contract_months.contract, contract_months.month
),

arrived as (
    select
        facilities.region_code,
        reported.contract,
        reported.month,
        count(*) as reporting_facilities_count
    from reported
    inner join facilities on reported.facility_id = facilities.facility_id
    where reported.contract = 'staff_post' or facilities.parent_facility_id is null
    group by facilities.region_code, reported.contract, reported.month
),

final as (
    select
        expected.region_code,
        expected.contract,
        expected.active_facilities_count,
        coalesce(arrived.reporting_facilities_count, 0) as reporting_facilities_count,
        coalesce(arrived.reporting_facilities_count, 0) / cast(expected.active_facilities_count as double)
            as reporting_share,
        arrived.reporting_facilities_count is not null as has_reported,
        case
            when arrived.reporting_facilities_count is null
                then 'No facility of the region delivered: its figures are missing, not zero.'
            when arrived.reporting_facilities_count < expected.active_facilities_count
                then
                    cast(expected.active_facilities_count - arrived.reporting_facilities_count as varchar)
                    || ' of ' || cast(expected.active_facilities_count as varchar)
                    || ' facilities did not deliver.'
        end as explanation,
        expected.month
    from expected
    inner join regions on expected.region_code = regions.region_code
    left join arrived
        on
            expected.region_code = arrived.region_code
            and expected.contract = arrived.contract
            and expected.month = arrived.month
)

select * from final
