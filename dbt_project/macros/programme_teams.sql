{# Posts a programme asks for by position, and the filled posts shared among programmes, from registers of
   (facility_id, programme_code, registered_persons). #}
{% macro programme_teams(registers) %}
with registers as (
    select * from {{ registers }}
    where registered_persons is not null
),

standards as (
    select * from {{ ref('stg_reference__programme_standards') }}
),

posts as (
    select * from {{ ref('fct_posts_monthly') }}
    where month = (select as_of.as_of_month from {{ ref('int_as_of') }} as as_of)
),
facilities as (
    select * from {{ ref('dim_facilities') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

holding as (
    select standards.*
    from standards
    cross join as_of
    where
        standards.valid_from <= as_of.as_of_date
        and coalesce(standards.valid_to, date '9999-12-31') >= as_of.as_of_date
    qualify
        row_number() over (
            partition by standards.programme_code, standards.position_code
            order by standards.valid_from desc
        ) = 1
),

needs as (
    select
        registers.facility_id,
        registers.programme_code,
        holding.position_code,
        holding.act_number,
        holding.act_status,
        registers.registered_persons,
        holding.patients_per_fte,
        registers.registered_persons / holding.patients_per_fte as required_team_fte,
        sum(registers.registered_persons / holding.patients_per_fte) over (
            partition by registers.facility_id, holding.position_code
        ) as facility_required_team_fte
    from registers
    inner join holding on registers.programme_code = holding.programme_code
),

filled as (
    select
        facility_id,
        position_code,
        sum(filled_fte) as filled_fte
    from posts
    group by facility_id, position_code
),

reporting as (
    select distinct facility_id from posts
),

-- The same people work for every programme, so they are shared out by need and counted once.
allocated as (
    select
        needs.*,
        case
            when reporting.facility_id is not null then coalesce(filled.filled_fte, 0)
        end as facility_filled_fte,
        case
            when reporting.facility_id is not null
                then
                    coalesce(filled.filled_fte, 0)
                    * needs.required_team_fte / nullif(needs.facility_required_team_fte, 0)
        end as allocated_filled_fte
    from needs
    left join reporting on needs.facility_id = reporting.facility_id
    left join filled
        on
            needs.facility_id = filled.facility_id
            and needs.position_code = filled.position_code
),

final as (
    select
        allocated.facility_id,
        allocated.programme_code,
        allocated.position_code,
        facilities.region_code,
        facilities.district_kato,
        allocated.act_number,
        allocated.act_status,
        allocated.registered_persons,
        allocated.patients_per_fte,
        allocated.required_team_fte,
        allocated.facility_required_team_fte,
        cast(allocated.facility_filled_fte as decimal(12, 2)) as facility_filled_fte,
        cast(allocated.allocated_filled_fte as double) as allocated_filled_fte,
        {{ shortfall('allocated.required_team_fte', 'allocated.allocated_filled_fte') }}
            as team_shortage_fte,
        {{ shortfall('allocated.allocated_filled_fte', 'allocated.required_team_fte') }}
            as team_surplus_fte,
        as_of.as_of_month
    from allocated
    cross join as_of
    left join facilities on allocated.facility_id = facilities.facility_id
)

select * from final
{% endmacro %}
