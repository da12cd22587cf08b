with facilities as (
    select * from {{ ref('dim_facilities') }}
    where status = 'active'
),

facility_types as (
    select * from {{ ref('facility_types') }}
),

posts as (
    select distinct
        facility_id,
        month
    from {{ ref('fct_posts_monthly') }}
),

activity as (
    select distinct
        facility_id,
        month
    from {{ ref('int_activity_monthly') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

months as (
    select fingerprints.month
    from {{ ref('int_month_fingerprints') }} as fingerprints
    cross join as_of
    where
        fingerprints.month <= as_of.as_of_month
        and fingerprints.month > as_of.as_of_month - interval '12 months'
),

fields as (
    select
        facilities.facility_id,
        facilities.region_code,
        facilities.district_kato,
        facilities.opened_date,
        nullif(concat_ws(
            ', ',
            case when facilities.latitude is null then 'coordinates' end,
            case when facilities.district_kato is null then 'district' end,
            case when facilities.settlement_kato is null then 'settlement' end,
            case when facilities.licence_no is null then 'licence number' end,
            case when facilities.licence_until_date is null then 'last day of the licence' end,
            case
                when facility_types.has_beds and facilities.beds_count is null then 'beds'
                when facility_types.has_attachment and facilities.attached_persons is null
                    then 'attached population'
            end
        ), '') as missing_fields
    from facilities
    left join facility_types on facilities.facility_type = facility_types.facility_type
),

final as (
    select
        fields.facility_id,
        fields.region_code,
        fields.district_kato,
        posts.facility_id is not null as has_posts,
        activity.facility_id is not null as has_encounters,
        1 - coalesce(len(string_split(fields.missing_fields, ', ')), 0) / cast(6 as double)
            as registry_share,
        fields.missing_fields,
        months.month
    from fields
    inner join months
        on coalesce(fields.opened_date, date '0001-01-01') <= last_day(months.month)
    left join posts
        on
            fields.facility_id = posts.facility_id
            and months.month = posts.month
    left join activity
        on
            fields.facility_id = activity.facility_id
            and months.month = activity.month
)

select * from final
