-- The lines that the ledger sums: each spell of work and what it counts for each duty, and why not.
with credits as (
    select * from {{ ref('int_service_credits') }}
),

graduates as (
    select * from {{ ref('stg_graduates__graduates') }}
),

facilities as (
    select * from {{ ref('dim_facilities') }}
),

final as (
    select
        credits.graduate_id as graduate_key,
        credits.basis,
        graduates.university_id,
        credits.facility_id,
        facilities.region_code,
        cast(credits.starts_on as date) as from_date,
        cast(credits.ends_on as date) as until_date,
        credits.months,
        credits.is_open,
        credits.is_credited,
        case
            when not credits.is_place_right then 'PLACE_DOES_NOT_COUNT'
            when not credits.is_evidenced then 'NO_ACCEPTED_EVIDENCE'
        end as reason_code
    from credits
    inner join graduates on credits.graduate_id = graduates.graduate_key
    left join facilities on credits.facility_id = facilities.facility_id
)

select * from final
