-- How graduates have behaved so far, for the years ahead: shares of their own records, blank where there is
-- none. One row. The base is a town away from home; the factors say how much oftener somebody leaves a
-- village, or home.
with spells as (
    select
        spells.graduate_key,
        spells.event,
        spells.is_serving,
        date_diff('day', spells.from_date, spells.until_date) / 365.25 as years,
        lead(spells.event) over (partition by spells.graduate_key order by spells.from_date, spells.event)
            as next_event,
        facilities.settlement = 'rural' as is_rural,
        facilities.region_code = graduates.home_region_code as is_home
    from {{ ref('int_service_spells') }} as spells
    inner join
        {{ ref('stg_graduates__graduates') }} as graduates
        on spells.graduate_key = graduates.graduate_key
    left join {{ ref('dim_facilities') }} as facilities on spells.facility_id = facilities.facility_id
),

exits as (
    select
        sum(years) as years,
        count(*) filter (where next_event = 'left') as exits_count,
        is_rural,
        is_home
    from spells
    where is_serving
    group by is_rural, is_home
),

rates as (
    select
        sum(exits_count) filter (where not is_rural and not is_home)
        / nullif(sum(years) filter (where not is_rural and not is_home), 0) as base_rate,
        sum(exits_count) filter (where is_rural and not is_home)
        / nullif(sum(years) filter (where is_rural and not is_home), 0) as rural_rate,
        sum(exits_count) filter (where not is_rural and is_home)
        / nullif(sum(years) filter (where not is_rural and is_home), 0) as home_rate
    from exits
),

arrivals as (
    select
        count(*) filter (where event = 'not_arrived')
        / nullif(count(*) filter (where event in ('arrived', 'not_arrived')), 0) as refuse_share
    from spells
),

afterwards as (
    select count(*) filter (where next_event = 'left') / nullif(sum(years), 0) as exit_after_share
    from spells
    where event = 'completed'
),

let_off as (
    select
        case
            when (select count(*) > 0 from {{ ref('stg_graduates__exemptions') }})
                then
                    count(*) filter (where campaign_state = 'exempt')
                    / nullif(count(*) filter (where campaign_state <> 'no_duty'), 0)
        end as exempt_share
    from {{ ref('int_campaign_graduates') }}
),

final as (
    select
        let_off.exempt_share,
        arrivals.refuse_share,
        least(rates.base_rate, 1) as exit_share,
        least(afterwards.exit_after_share, 1) as exit_after_share,
        rates.rural_rate / nullif(rates.base_rate, 0) as rural_factor,
        rates.home_rate / nullif(rates.base_rate, 0) as home_factor
    from rates
    cross join arrivals
    cross join afterwards
    cross join let_off
)

select * from final
