-- WISN need of doctors by region of the workplace and specialty, over the twelve months that end with the
-- month to which the forecast counts contacts, and with the same month of the years before: where the
-- projection starts, and what past projections are held against. Under twelve months give no row.
with needs as (
    select * from {{ ref('int_wisn_monthly') }}
    where staff_category = 'doctor' and required_wisn_fte is not null
),

anchor as (
    select max(month) as month from {{ ref('int_contacts_yearly') }}
),

facilities as (
    select * from {{ ref('stg_registry__facilities') }}
),

final as (
    select
        facilities.region_code,
        needs.specialty_code,
        cast(extract(year from needs.month) as integer) as year,
        cast(sum(needs.required_wisn_fte) as double) as need_fte,
        cast(sqrt(sum(power(coalesce(needs.required_wisn_error_fte, 0), 2))) as double) as error_fte
    from needs
    inner join anchor
        on
            needs.month <= anchor.month
            and extract(month from needs.month) = extract(month from anchor.month)
    inner join facilities on needs.facility_id = facilities.facility_id
    where facilities.region_code is not null
    group by facilities.region_code, needs.specialty_code, needs.month
)

select * from final
