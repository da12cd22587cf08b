-- Where each graduate stood after each event, up to the day the data describe. Somebody serves from the day
-- of arrival, return or move until the next event.
with events as (
    select * from {{ ref('stg_graduates__service_events') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

final as (
    select
        events.graduate_key,
        events.event,
        events.event in ('arrived', 'returned', 'moved') as is_serving,
        last_value(events.facility_id ignore nulls) over so_far as facility_id,
        events.event_date as from_date,
        coalesce(lead(events.event_date) over in_order, as_of.as_of_date) as until_date,
        lead(events.event_date) over in_order is null as is_latest
    from events
    cross join as_of
    where events.event_date <= as_of.as_of_date
    window
        in_order as (partition by events.graduate_key order by events.event_date, events.event),
        so_far as (
            partition by events.graduate_key
            order by events.event_date, events.event
            rows between unbounded preceding and current row
        )
)

select * from final
