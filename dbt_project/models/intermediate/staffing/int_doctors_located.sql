-- Filled doctors' posts of the latest month by facility and group of specialties, where the facility
-- has a place.
-- A facility without coordinates stands where its settlement does.
with deficits as (
    select * from {{ ref('fct_deficits_monthly') }}
    where
        month = (select as_of.as_of_month from {{ ref('int_as_of') }} as as_of)
        and staff_category = 'doctor'
        and filled_fte > 0
),

facilities as (
    select * from {{ ref('dim_facilities') }}
    where status = 'active'
),

settlements as (
    select * from {{ ref('dim_settlements') }}
),

final as (
    select
        deficits.facility_id,
        deficits.specialty_group_code,
        max(coalesce(facilities.latitude, settlements.latitude)) as latitude,
        max(coalesce(facilities.longitude, settlements.longitude)) as longitude,
        cast(sum(deficits.filled_fte) as double) as filled_fte
    from deficits
    inner join facilities on deficits.facility_id = facilities.facility_id
    left join settlements on facilities.settlement_kato = settlements.settlement_kato
    where coalesce(facilities.latitude, settlements.latitude) is not null
    group by deficits.facility_id, deficits.specialty_group_code
)

select * from final
