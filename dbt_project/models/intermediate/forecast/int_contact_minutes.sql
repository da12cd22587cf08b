-- What one contact or procedure of a specialty asks of its doctors, so that the forecast starts from the
-- WISN need of the same twelve months: minutes, hours of a post, and the share that support leaves of them.
with needs as (
    select * from {{ ref('int_wisn_monthly') }}
    where staff_category = 'doctor' and service_staff_fte > 0
),

contacts as (
    select
        specialty_code,
        month,
        sum(encounters_count) as contacts_count
    from {{ ref('int_contacts_yearly') }}
    where month = (select max(latest.month) from {{ ref('int_contacts_yearly') }} as latest)
    group by specialty_code, month
),

work as (
    select
        needs.specialty_code,
        needs.month,
        sum(needs.service_staff_fte) as service_staff_fte,
        sum(needs.service_staff_fte * needs.available_hours) as service_hours,
        sum(needs.service_staff_fte * needs.category_allowance_factor) as supported_staff_fte
    from needs
    group by needs.specialty_code, needs.month
),

final as (
    select
        contacts.specialty_code,
        cast(work.service_hours * 60 / contacts.contacts_count as double) as contact_minutes,
        cast(work.service_hours / work.service_staff_fte as double) as hours_per_fte,
        cast(work.service_staff_fte / work.supported_staff_fte as double) as productive_share
    from contacts
    inner join work
        on
            contacts.specialty_code = work.specialty_code
            and contacts.month = work.month
    where contacts.contacts_count > 0
)

select * from final
