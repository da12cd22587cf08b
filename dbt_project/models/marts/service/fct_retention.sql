-- Of those who arrived, and of those who completed their duty, the share still at the same facility, in the
-- same region, in rural practice, in the profession, so many years after.  Only persons whose anniversary
-- has passed are counted, so that nobody counts as a leaver for being young in service. Rural: of those who
-- began in a village.
with spells as (
    select * from {{ ref('int_service_spells') }}
),

graduates as (
    select * from {{ ref('stg_graduates__graduates') }}
),

facilities as (
    select * from {{ ref('dim_facilities') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

anchors as (
    select
        'arrival' as since,
        spells.graduate_key,
        graduates.graduation_year,
        min(spells.from_date) as anchor_date,
        arg_min(spells.facility_id, spells.from_date) as first_facility_id
    from spells
    inner join graduates on spells.graduate_key = graduates.graduate_key
    where spells.event = 'arrived'
    group by spells.graduate_key, graduates.graduation_year
    union all
    select
        'completion' as since,
        spells.graduate_key,
        graduates.graduation_year,
        min(spells.from_date) as anchor_date,
        arg_min(spells.facility_id, spells.from_date) as first_facility_id
    from spells
    inner join graduates on spells.graduate_key = graduates.graduate_key
    where spells.event = 'completed'
    group by spells.graduate_key, graduates.graduation_year
),

anniversaries as (
    select
        anchors.since,
        anchors.graduate_key,
        anchors.graduation_year,
        anchors.first_facility_id,
        horizons.horizon_years,
        cast(anchors.anchor_date + to_years(horizons.horizon_years) as date) as anniversary_date
    from anchors
    cross join (values (1), (3), (5)) as horizons (horizon_years)
    cross join as_of
    where anchors.anchor_date + to_years(horizons.horizon_years) <= as_of.as_of_date
),

standing as (
    select
        anniversaries.since,
        anniversaries.graduate_key,
        anniversaries.graduation_year,
        anniversaries.horizon_years,
        anniversaries.first_facility_id,
        spells.facility_id,
        -- After the duty is completed somebody counts as staying until the register says that they left.
        spells.event not in ('left', 'not_arrived', 'repaid') as is_there
    from anniversaries
    inner join spells
        on
            anniversaries.graduate_key = spells.graduate_key
            and anniversaries.anniversary_date >= spells.from_date
    qualify
        row_number() over (
            partition by anniversaries.since, anniversaries.graduate_key, anniversaries.horizon_years
            order by spells.from_date desc, spells.event desc
        ) = 1
),

placed as (
    select
        standing.since,
        standing.graduation_year,
        standing.horizon_years,
        standing.is_there,
        standing.is_there and standing.facility_id = standing.first_facility_id as is_in_place,
        standing.is_there and facilities.region_code = first_facilities.region_code as is_in_region,
        first_facilities.settlement = 'rural' as began_rural,
        standing.is_there and facilities.settlement = 'rural' as is_rural
    from standing
    left join facilities as first_facilities on standing.first_facility_id = first_facilities.facility_id
    left join facilities on standing.facility_id = facilities.facility_id
),

kinds as (
    select
        since,
        graduation_year,
        horizon_years,
        'place' as kind,
        is_in_place as is_retained
    from placed
    union all
    select
        since,
        graduation_year,
        horizon_years,
        'region' as kind,
        is_in_region as is_retained
    from placed
    union all
    -- The register follows a graduate from facility to facility: who moved is in medicine, who left is not
    -- known to be.
    select
        since,
        graduation_year,
        horizon_years,
        'profession' as kind,
        is_there as is_retained
    from placed
    union all
    select
        since,
        graduation_year,
        horizon_years,
        'rural' as kind,
        is_rural as is_retained
    from placed
    where began_rural
),

final as (
    select
        since,
        cast(graduation_year as integer) as cohort_year,
        horizon_years,
        kind,
        count(*) as persons_count,
        count(*) filter (where is_retained) as retained_count,
        avg(case when is_retained then 1.0 else 0.0 end) as retained_share
    from kinds
    group by since, graduation_year, horizon_years, kind
)

select * from final
