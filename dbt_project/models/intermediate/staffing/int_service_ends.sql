-- Graduates in service: where, and the month in which the longest of their duties is served. A duty
-- counts in
-- proportion to the study on state order; leave is not service.
with graduates as (
    select * from {{ ref('stg_graduates__graduates') }}
),

obligations as (
    select * from {{ ref('stg_graduates__obligations') }}
),

events as (
    select * from {{ ref('stg_graduates__service_events') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

past_events as (
    select events.*
    from events
    cross join as_of
    where events.event_date <= as_of.as_of_date
),

latest as (
    select *
    from past_events
    qualify
        row_number() over (
            partition by graduate_key order by event_date desc, event desc
        ) = 1
),

places as (
    select
        graduate_key,
        arg_max(facility_id, event_date) filter (where facility_id is not null) as facility_id,
        min(event_date) filter (where event = 'arrived') as arrived_date
    from past_events
    group by graduate_key
),

leaves as (
    select
        graduate_key,
        event,
        date_sub(
            'month',
            event_date,
            coalesce(
                lead(event_date) over (partition by graduate_key order by event_date, event),
                (select as_of.as_of_date from as_of)
            )
        ) as leave_months
    from past_events
),

leave_totals as (
    select
        graduate_key,
        sum(leave_months) as leave_months
    from leaves
    where event = 'on_leave'
    group by graduate_key
),

duties as (
    select
        graduate_key,
        max(ceil(required_months * state_order_share)) as required_months
    from obligations
    group by graduate_key
),

final as (
    select
        latest.graduate_key,
        places.facility_id,
        graduates.specialty_code,
        cast(date_trunc(
            'month',
            places.arrived_date
            + to_months(cast(
                duties.required_months + coalesce(leave_totals.leave_months, 0) as integer
            ))
        ) as date) as service_end_month
    from latest
    inner join graduates on latest.graduate_key = graduates.graduate_key
    inner join places on latest.graduate_key = places.graduate_key
    inner join duties on latest.graduate_key = duties.graduate_key
    left join leave_totals on latest.graduate_key = leave_totals.graduate_key
    where
        latest.event in ('arrived', 'on_leave', 'returned', 'moved')
        and places.arrived_date is not null
        and duties.required_months > 0
)

select * from final
