-- Everyone who graduates in the campaign's year, with the state in which the campaign finds them. The order
-- of the states is the published one: no duty, exempt, deferred, placed by contract, active.
with campaign as (
    select * from {{ ref('int_campaign_current') }}
),

graduates as (
    select * from {{ ref('stg_graduates__graduates') }}
),

universities as (
    select * from {{ ref('stg_graduates__universities') }}
),

obligations as (
    select
        graduate_key,
        string_agg(basis, '+' order by basis) as study_basis,
        bool_or(basis in ('rural_quota', 'rural_payment')) as is_rural_only,
        max(paying_region_code) filter (where basis in ('local_grant', 'rural_payment')) as paying_region_code
    from {{ ref('stg_graduates__obligations') }}
    where state_order_share > 0 and required_months > 0
    group by graduate_key
),

decisions as (
    select
        exemptions.graduate_key,
        bool_or(exemptions.kind = 'exemption') as is_exempt,
        bool_or(exemptions.kind = 'deferral') as is_deferred
    from {{ ref('stg_graduates__exemptions') }} as exemptions
    cross join campaign
    where
        exemptions.decided_date <= campaign.arrive_by_date
        and coalesce(exemptions.until_date, date '9999-12-31') >= campaign.lists_close_date
        and exemptions.kind in ('exemption', 'deferral')
    group by exemptions.graduate_key
),

final as (
    select
        campaign.campaign_id,
        graduates.graduate_key,
        graduates.university_id,
        universities.region_code as study_region_code,
        graduates.programme_code,
        graduates.level,
        graduates.specialty_code,
        graduates.home_region_code,
        graduates.home_settlement,
        graduates.language,
        graduates.merit_score,
        graduates.couple_key,
        graduates.spouse_locality_kato,
        graduates.preplaced_facility_id,
        coalesce(obligations.study_basis, 'fee') as study_basis,
        coalesce(obligations.is_rural_only, false) as is_rural_only,
        obligations.paying_region_code,
        case
            when obligations.graduate_key is null then 'no_duty'
            when decisions.is_exempt then 'exempt'
            when decisions.is_deferred then 'deferred'
            when graduates.preplaced_facility_id is not null then 'preplaced'
            else 'active'
        end as campaign_state
    from campaign
    inner join graduates on campaign.campaign_year = graduates.graduation_year
    left join universities on graduates.university_id = universities.university_id
    left join obligations on graduates.graduate_key = obligations.graduate_key
    left join decisions on graduates.graduate_key = decisions.graduate_key
)

select * from final
