-- One duty a row, because duties overlap: the same months of service count towards each of them. Leave pauses, and
-- a share of study on the state order shortens. Repayment falls due on breach, in proportion to what is unserved.
with obligations as (
    select * from {{ ref('stg_graduates__obligations') }}
),

graduates as (
    select * from {{ ref('stg_graduates__graduates') }}
),

exemptions as (
    select
        exemptions.graduate_key,
        bool_or(exemptions.kind = 'exemption') as is_exempt,
        bool_or(exemptions.kind = 'ended') as is_ended,
        bool_or(
            exemptions.kind = 'deferral'
            and coalesce(exemptions.until_date, date '9999-12-31') >= as_of.as_of_date
        ) as is_deferred
    from {{ ref('stg_graduates__exemptions') }} as exemptions
    cross join {{ ref('int_as_of') }} as as_of
    where exemptions.decided_date <= as_of.as_of_date
    group by exemptions.graduate_key
),

confirmed as (
    select distinct graduate_key
    from {{ ref('stg_graduates__placement_decisions') }}
    where decision in ('confirmed', 'overridden')
),

spells as (
    select * from {{ ref('int_service_spells') }}
),

served as (
    select
        graduate_key,
        sum(date_diff('day', from_date, until_date)) filter (where is_serving) as served_days,
        min(from_date) filter (where event = 'arrived') as arrived_date,
        bool_or(event = 'completed') as has_completed,
        max(event) filter (where is_latest) as latest_event,
        max(facility_id) filter (where is_latest) as facility_id
    from spells
    group by graduate_key
),

facilities as (
    select * from {{ ref('dim_facilities') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

measured as (
    select
        obligations.graduate_key,
        obligations.basis,
        graduates.university_id,
        graduates.specialty_code,
        cast(graduates.graduation_year as integer) as cohort_year,
        served.facility_id,
        obligations.paying_region_code,
        cast(ceil(obligations.required_months * obligations.state_order_share) as integer) as required_months,
        -- 30.4375 days are a mean month of the Gregorian calendar.
        cast(floor(coalesce(served.served_days, 0) / 30.4375) as integer) as served_months,
        obligations.cost_kzt,
        served.arrived_date,
        served.latest_event,
        served.has_completed,
        exemptions.is_exempt,
        exemptions.is_ended,
        exemptions.is_deferred,
        confirmed.graduate_key is not null as is_confirmed,
        as_of.as_of_date
    from obligations
    inner join graduates on obligations.graduate_key = graduates.graduate_key
    left join served on obligations.graduate_key = served.graduate_key
    left join exemptions on obligations.graduate_key = exemptions.graduate_key
    left join confirmed on obligations.graduate_key = confirmed.graduate_key
    cross join as_of
),

stated as (
    select
        *,
        greatest(required_months - served_months, 0) as remaining_months,
        case
            when is_ended then 'ended'
            when is_exempt and arrived_date is null then 'exempt'
            when coalesce(served_months, 0) >= required_months then 'completed'
            when is_deferred then 'deferred'
            when latest_event = 'on_leave' then 'on_leave'
            when latest_event in ('arrived', 'returned', 'moved')
                then case when served_months < 1 then 'arrived' else 'serving' end
            when latest_event in ('left', 'not_arrived', 'repaid') then 'breached'
            -- The register says so although the months we count fall short: its word stands, the months show.
            when has_completed then 'completed'
            when is_confirmed then 'placed'
            else 'awaiting'
        end as state
    from measured
),

final as (
    select
        stated.graduate_key,
        stated.basis,
        stated.university_id,
        stated.specialty_code,
        stated.facility_id,
        facilities.region_code,
        facilities.district_kato,
        facilities.settlement,
        stated.paying_region_code,
        stated.state,
        stated.cohort_year,
        stated.required_months,
        stated.served_months,
        stated.remaining_months,
        case
            when stated.state = 'breached' and stated.latest_event is distinct from 'repaid'
                then round(stated.cost_kzt * stated.remaining_months / nullif(stated.required_months, 0))
        end as repayment_due_kzt,
        coalesce(
            stated.state in ('arrived', 'serving', 'on_leave') and stated.remaining_months <= 12, false
        ) as ends_within_12_months,
        case
            when stated.state in ('arrived', 'serving', 'on_leave')
                then cast(stated.as_of_date + to_months(stated.remaining_months) as date)
        end as completes_on,
        stated.arrived_date,
        stated.as_of_date
    from stated
    left join facilities on stated.facility_id = facilities.facility_id
)

select * from final
