with members as (
    select * from {{ ref('stg_registry__staff_members') }}
),

facilities as (
    select * from {{ ref('dim_facilities') }}
    where status = 'active' and settlement_kato is not null
),

settlements as (
    select * from {{ ref('dim_settlements') }}
),

positions as (
    select * from {{ ref('positions') }}
),

pension_ages as (
    select * from {{ ref('pension_ages') }}
),

service_ends as (
    select * from {{ ref('int_service_ends') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

-- Everybody who works as a doctor in a settlement, however small the share of the post.
doctors as (
    select
        facilities.settlement_kato,
        members.specialty_code,
        members.staff_key,
        min(facilities.facility_id) as facility_id,
        min(members.birth_year) as birth_year,
        min(members.sex) as sex
    from members
    cross join as_of
    inner join facilities on members.facility_id = facilities.facility_id
    inner join positions on members.position_code = positions.position_code
    where
        positions.staff_category = 'doctor'
        and members.hired_month <= as_of.as_of_date
        and (members.left_month is null or members.left_month > as_of.as_of_date)
    group by facilities.settlement_kato, members.specialty_code, members.staff_key
),

only_doctors as (
    select *
    from doctors
    qualify count(*) over (partition by settlement_kato, specialty_code) = 1
),

pensions as (
    select
        only_doctors.settlement_kato,
        only_doctors.specialty_code,
        only_doctors.facility_id,
        'pension_age' as warning_kind,
        make_date(
            cast(floor(only_doctors.birth_year + pension_ages.pension_age_years) as bigint), 12, 1
        ) as event_month
    from only_doctors
    inner join pension_ages
        on
            only_doctors.sex = pension_ages.sex
            and only_doctors.birth_year between pension_ages.birth_year_from
            and pension_ages.birth_year_to
),

-- Pseudonyms of graduates and of staff cannot be joined, by design. Where a settlement has one doctor
-- of a specialty
-- and one graduate serves there in it, they are the same person.
services as (
    select
        only_doctors.settlement_kato,
        only_doctors.specialty_code,
        only_doctors.facility_id,
        'end_of_service' as warning_kind,
        service_ends.service_end_month as event_month
    from only_doctors
    inner join facilities on only_doctors.settlement_kato = facilities.settlement_kato
    inner join service_ends
        on
            facilities.facility_id = service_ends.facility_id
            and only_doctors.specialty_code = service_ends.specialty_code
    qualify
        count(*) over (partition by only_doctors.settlement_kato, only_doctors.specialty_code) = 1
),

events as (
    select * from pensions
    union all
    select * from services
),

due as (
    select
        events.*,
        as_of.as_of_date,
        cast(
            (extract(year from events.event_month) - extract(year from as_of.as_of_date)) * 12
            + extract(month from events.event_month) - extract(month from as_of.as_of_date)
            as integer
        ) as months_left_count
    from events
    cross join as_of
    -- Who passed the age or the end of the duty and works on may leave any day: still the only doctor.
    where events.event_month <= as_of.as_of_date + interval '{{ var("warning_months") }} months'
),

judged as (
    select
        *,
        months_left_count < 0 as is_past,
        bool_or(warning_kind = 'pension_age' and months_left_count < 0)
            over (partition by settlement_kato, specialty_code) as is_past_pension_age
    from due
),

-- One warning a settlement and specialty: what comes within the year goes before what has passed.
first_due as (
    select *
    from judged
    qualify
        row_number() over (
            partition by settlement_kato, specialty_code order by is_past, event_month, warning_kind
        ) = 1
),

final as (
    select
        first_due.settlement_kato,
        first_due.specialty_code,
        first_due.facility_id,
        settlements.region_code,
        settlements.district_kato,
        settlements.settlement_name_kk,
        settlements.settlement_name_ru,
        first_due.warning_kind,
        case
            when not first_due.is_past then 'within_12_months'
            when first_due.warning_kind = 'pension_age' then 'past_pension_age'
            else 'past_service'
        end as standing,
        'The only doctor of the specialty in the settlement; '
        || case
            when first_due.warning_kind = 'pension_age' and first_due.is_past
                then 'pension age was reached in the year '
            when first_due.warning_kind = 'pension_age' then 'pension age is reached in the year '
            when first_due.is_past then 'the mandatory service ended in '
            else 'the mandatory service ends in '
        end
        || case first_due.warning_kind
            when 'pension_age' then cast(extract(year from first_due.event_month) as varchar)
            else strftime(first_due.event_month, '%Y-%m')
        end as explanation,
        settlements.inhabitants_persons,
        first_due.months_left_count,
        -- Those past the event may leave any day, but did not; they follow, the largest settlement first.
        cast(
            rank() over (
                partition by settlements.region_code
                order by
                    first_due.is_past,
                    greatest(first_due.months_left_count, -1),
                    settlements.inhabitants_persons desc nulls last
            ) as integer
        ) as rank_in_region,
        first_due.is_past_pension_age,
        first_due.event_month,
        first_due.as_of_date
    from first_due
    inner join settlements on first_due.settlement_kato = settlements.settlement_kato
)

select * from final
