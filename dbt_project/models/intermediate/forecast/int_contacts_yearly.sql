-- Contacts and procedures of doctors' specialties in years of twelve months that end with the last December
-- on record, or with the last month where no December has twelve months behind it; dated by the last month of
-- the year. Procedures count, because a radiologist or a laboratory doctor has no contacts and much work.
with records as (
    select
        region_code,
        specialty_code,
        age_band,
        sex,
        month,
        contacts_count
    from {{ ref('int_encounters_monthly') }}

    union all

    select
        region_code,
        specialty_code,
        age_band,
        sex,
        month,
        procedures_count as contacts_count
    from {{ ref('int_procedures_monthly') }}
),

contacts as (
    select
        records.*,
        max(records.month) over () as last_month,
        min(records.month) over () as first_month
    from records
    inner join {{ ref('specialties') }} as specialties
        on records.specialty_code = specialties.specialty_code
    where
        specialties.staff_category = 'doctor'
        and records.sex in ('female', 'male')
        and records.region_code is not null
        and records.age_band is not null
),

anchored as (
    select
        *,
        cast(case
            when last_december >= first_month + interval 11 months then last_december
            else last_month
        end as date) as anchor_month
    from (
        select
            *,
            make_date(
                cast(extract(year from last_month + interval 1 month) as integer) - 1, 12, 1
            ) as last_december
        from contacts
    ) as bounds
),

windowed as (
    select
        *,
        date_diff('month', month, anchor_month) // 12 as years_back
    from anchored
    where
        month <= anchor_month
        -- Only years of which all twelve months are there; the last one counts as it is.
        and (
            anchor_month
            - to_months(cast(12 * (date_diff('month', month, anchor_month) // 12) + 11 as integer))
            >= first_month
            or date_diff('month', month, anchor_month) < 12
        )
),

yearly as (
    select
        region_code,
        specialty_code,
        sex,
        regexp_replace(age_band, '(^|-)0([0-9])', '\1\2', 'g') as age_band,
        cast(anchor_month - to_months(cast(12 * years_back as integer)) as date) as month,
        cast(sum(contacts_count) as double) as encounters_count
    from windowed
    group by region_code, specialty_code, sex, age_band, anchor_month, years_back
),

final as (
    select
        region_code,
        specialty_code,
        sex,
        age_band,
        month,
        encounters_count
    from yearly

    union all

    -- No contact in the first month, so that the length of the record is seen in the table.
    select
        region_code,
        specialty_code,
        sex,
        age_band,
        (select min(windowed.month) from windowed) as month,
        0.0 as encounters_count
    from yearly
    where month <> (select min(windowed.month) from windowed)
    qualify row_number() over (order by region_code, specialty_code, sex, age_band, month) = 1
)

select * from final
