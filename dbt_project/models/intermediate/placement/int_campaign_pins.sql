-- Posts that a contract signed before the campaign names, the first claim first; the match seats as many as
-- the line has seats. What the commission decided stands in `int_campaign_decisions`.
with graduates as (
    select * from {{ ref('int_campaign_graduates') }}
),

lines as (
    select * from {{ ref('int_campaign_lines') }}
),

final as (
    select
        graduates.graduate_key,
        lines.line_id
    from graduates
    inner join lines
        on
            graduates.preplaced_facility_id = lines.facility_id
            and graduates.specialty_code = lines.specialty_code
    where graduates.campaign_state = 'preplaced'
)

select * from final
