with members as (
    select * from {{ ref('stg_registry__staff_members') }}
),

facilities as (
    select * from {{ ref('dim_facilities') }}
),

positions as (
    select * from {{ ref('positions') }}
),

population as (
    select * from {{ ref('int_population_regions') }}
),

contacts as (
    select * from {{ ref('int_encounters_monthly') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

in_service as (
    select
        facilities.region_code,
        members.staff_key,
        members.sex,
        cast(floor((extract(year from as_of.as_of_date) - members.birth_year) / 10) as integer)
            as age_decade,
        cast(members.fte as double) as fte
    from members
    cross join as_of
    inner join facilities on members.facility_id = facilities.facility_id
    inner join positions on members.position_code = positions.position_code
    where
        positions.staff_category = 'doctor'
        and members.hired_month <= as_of.as_of_month
        and (members.left_month is null or members.left_month > as_of.as_of_month)
),

doctors as (
    select
        region_code,
        staff_key,
        min(sex) as sex,
        min(age_decade) as age_decade,
        sum(fte) as fte
    from in_service
    group by region_code, staff_key
),

-- Working time is known only as posts held, so the hours of an age and sex group are its mean posts.
hours as (
    select
        sex,
        age_decade,
        avg(fte) / (select avg(everyone.fte) from doctors as everyone) as hours_weight
    from doctors
    group by sex, age_decade
),

weighted as (
    select
        doctors.region_code,
        count(*) as doctors_persons,
        {{ steady_sum('hours.hours_weight') }} as hours_weighted_doctors_fte
    from doctors
    inner join hours
        on
            doctors.sex = hours.sex
            and doctors.age_decade is not distinct from hours.age_decade
    group by doctors.region_code
),

latest_population as (
    select population.*
    from population
    cross join as_of
    where population.year <= extract(year from as_of.as_of_date)
    qualify population.year = max(population.year) over (partition by population.region_code)
),

inhabitants as (
    select
        region_code,
        sex,
        age_band,
        sum(population_persons) as population_persons
    from latest_population
    group by region_code, sex, age_band
),

recent_contacts as (
    select
        contacts.age_band,
        contacts.sex,
        sum(contacts.contacts_count) as contacts_count
    from contacts
    cross join as_of
    where
        contacts.month <= as_of.as_of_month
        and contacts.month > as_of.as_of_month - interval '12 months'
    group by contacts.age_band, contacts.sex
),

national as (
    select
        inhabitants.age_band,
        inhabitants.sex,
        coalesce(max(recent_contacts.contacts_count), 0) / nullif(sum(inhabitants.population_persons), 0)
            as contacts_per_person
    from inhabitants
    left join recent_contacts
        on
            inhabitants.age_band = recent_contacts.age_band
            and inhabitants.sex = recent_contacts.sex
    group by inhabitants.age_band, inhabitants.sex
),

expected as (
    select
        inhabitants.region_code,
        sum(inhabitants.population_persons) as population_persons,
        {{ steady_sum('inhabitants.population_persons * national.contacts_per_person') }} as contacts_count
    from inhabitants
    inner join national
        on
            inhabitants.age_band = national.age_band
            and inhabitants.sex = national.sex
    group by inhabitants.region_code
),

ratios as (
    select
        region_code,
        population_persons,
        (contacts_count / nullif(population_persons, 0))
        / nullif(
            (select {{ steady_sum('all_regions.contacts_count') }} from expected as all_regions)
            / nullif(sum(population_persons) over (), 0), 0
        ) as standardised_utilisation_ratio
    from expected
),

areas as (
    select
        'region' as level,
        coalesce(ratios.region_code, weighted.region_code) as area_code,
        coalesce(ratios.region_code, weighted.region_code) as region_code,
        ratios.population_persons,
        weighted.doctors_persons,
        weighted.hours_weighted_doctors_fte,
        ratios.standardised_utilisation_ratio
    from ratios
    full outer join weighted on ratios.region_code = weighted.region_code

    union all

    select
        'nation' as level,
        'nation' as area_code,
        cast(null as varchar) as region_code,
        sum(ratios.population_persons) as population_persons,
        sum(weighted.doctors_persons) as doctors_persons,
        {{ steady_sum('weighted.hours_weighted_doctors_fte') }} as hours_weighted_doctors_fte,
        case when count(ratios.standardised_utilisation_ratio) > 0 then 1 end
            as standardised_utilisation_ratio
    from ratios
    full outer join weighted on ratios.region_code = weighted.region_code
    having count(*) > 0
),

indexed as (
    select
        *,
        hours_weighted_doctors_fte
        / nullif(population_persons / 100000 * standardised_utilisation_ratio, 0)
            as maldistribution_index
    from areas
),

final as (
    select
        indexed.level,
        indexed.area_code,
        indexed.region_code,
        indexed.population_persons,
        cast(indexed.doctors_persons as bigint) as doctors_persons,
        cast(indexed.hours_weighted_doctors_fte as double) as hours_weighted_doctors_fte,
        cast(indexed.standardised_utilisation_ratio as double) as standardised_utilisation_ratio,
        cast(indexed.maldistribution_index as double) as maldistribution_index,
        case
            when indexed.level = 'region' and indexed.maldistribution_index is not null
                then cast(rank() over (
                    partition by indexed.level order by indexed.maldistribution_index
                ) as integer)
        end as rank_from_worst,
        as_of.as_of_month
    from indexed
    cross join as_of
)

select * from final
