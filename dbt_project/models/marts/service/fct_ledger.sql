-- One duty a row, because duties overlap: the same months of service count towards each of them, as far as
-- place and evidence allow (`int_duties`). Whoever has no confirmed place yet is awaiting one.
with duties as (
    select * from {{ ref('int_duties') }}
),

obligations as (
    select * from {{ ref('stg_graduates__obligations') }}
),

graduates as (
    select * from {{ ref('stg_graduates__graduates') }}
),

confirmed as (
    select distinct graduate_key
    from {{ ref('stg_graduates__placement_decisions') }}
    where decision in ('confirmed', 'overridden')
),

arrivals as (
    select
        events.graduate_key,
        min(events.event_date) as arrived_date
    from {{ ref('stg_graduates__service_events') }} as events
    cross join {{ ref('int_as_of') }} as as_of
    where events.event = 'arrived' and events.event_date <= as_of.as_of_date
    group by events.graduate_key
),

-- Where nobody told of any service, how far it is remains unknown: no month served is a claim.
told as (
    select count(*) > 0 as has_events from {{ ref('stg_graduates__service_events') }}
),

facilities as (
    select * from {{ ref('dim_facilities') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

final as (
    select
        duties.graduate_id as graduate_key,
        duties.basis,
        graduates.university_id,
        graduates.specialty_code,
        duties.facility_id,
        facilities.region_code,
        facilities.district_kato,
        facilities.settlement,
        obligations.paying_region_code,
        case
            when duties.state = 'placed' and confirmed.graduate_key is null then 'awaiting'
            else duties.state
        end as state,
        cast(graduates.graduation_year as integer) as cohort_year,
        cast(ceil(duties.required_months) as integer) as required_months,
        case when told.has_events then cast(floor(duties.served_months) as integer) end as served_months,
        case when told.has_events then cast(floor(duties.unevidenced_months) as integer) end
            as unevidenced_months,
        case when told.has_events then cast(ceil(duties.remaining_months) as integer) end as remaining_months,
        case when told.has_events then duties.unserved_share end as unserved_share,
        case when duties.state = 'breached' then round(duties.repayment_due_kzt) end as repayment_due_kzt,
        case
            when told.has_events
                then
                    coalesce(
                        duties.state in ('arrived', 'serving', 'on_leave') and duties.remaining_months <= 12,
                        false
                    )
        end as ends_within_12_months,
        cast(
            coalesce(
                duties.completes_on,
                case
                    when duties.state in ('arrived', 'on_leave')
                        then as_of.as_of_date + to_months(cast(ceil(duties.remaining_months) as integer))
                end
            ) as date
        ) as completes_on,
        arrivals.arrived_date,
        as_of.as_of_date
    from duties
    inner join
        obligations
        on duties.graduate_id = obligations.graduate_key and duties.basis = obligations.basis
    inner join graduates on duties.graduate_id = graduates.graduate_key
    left join confirmed on duties.graduate_id = confirmed.graduate_key
    left join arrivals on duties.graduate_id = arrivals.graduate_key
    left join facilities on duties.facility_id = facilities.facility_id
    cross join as_of
    cross join told
)

select * from final
