-- Minutes a contact takes a specialty: its standards, weighed by the kinds of contact of the last twelve
-- months; a stay counts by its days, as in the WISN need.
with encounters as (
    select * from {{ ref('int_encounters_weighted') }}
),

recent as (
    select * from encounters
    where event_month > (select max(encounters.event_month) from encounters) - interval 12 months
),

activities as (
    select * from {{ ref('activities') }}
),

hours as (
    select * from {{ ref('int_activity_hours') }}
),

positions as (
    select * from {{ ref('positions') }}
),

standards as (
    select
        positions.specialty_code,
        activities.encounter_class_code as class_code,
        avg(hours.unit_hours) * 60 as unit_minutes
    from hours
    inner join positions on hours.position_code = positions.position_code
    inner join activities on hours.activity_code = activities.activity_code
    where
        hours.month = (select max(hours.month) from hours)
        and positions.staff_category = 'doctor'
        and activities.encounter_class_code is not null
    group by positions.specialty_code, activities.encounter_class_code
),

contacts as (
    select
        specialty_code,
        class_code,
        sum(sampling_weight) as contacts_count,
        sum(
            sampling_weight
            * case when class_code = 'IMP' then greatest(coalesce(length_of_stay_days, 1), 1) else 1 end
        ) as units_count
    from recent
    group by specialty_code, class_code
),

final as (
    select
        contacts.specialty_code,
        cast(
            sum(contacts.units_count * standards.unit_minutes) / sum(contacts.contacts_count) as double
        ) as contact_minutes
    from contacts
    inner join standards
        on
            contacts.specialty_code = standards.specialty_code
            and contacts.class_code = standards.class_code
    group by contacts.specialty_code
    having sum(contacts.contacts_count) > 0
)

select * from final
where contact_minutes > 0
