-- Lists as filed, wish by wish and line by line. A facility wish means its lines in the graduate's
-- specialties, the main one first; a region wish means every such line of the region, the greatest vacancy
-- first. A line named twice counts where it stands first.
with graduates as (
    select * from {{ ref('int_campaign_graduates') }}
    where campaign_state = 'active'
),

wishes as (
    select * from {{ ref('stg_graduates__preferences') }}
),

lines as (
    select * from {{ ref('int_campaign_lines') }}
),

compatible as (
    select * from {{ ref('programme_compatibility') }}
),

opened as (
    select
        graduates.campaign_id,
        graduates.graduate_key,
        wishes.rank as wish_rank,
        lines.line_id,
        compatible.is_main,
        lines.vacant_fte
    from graduates
    inner join wishes on graduates.graduate_key = wishes.graduate_key
    inner join compatible on graduates.programme_code = compatible.programme_code
    inner join lines
        on
            compatible.specialty_code = lines.specialty_code
            and (wishes.facility_id = lines.facility_id or wishes.region_code = lines.region_code)
),

final as (
    select
        campaign_id,
        graduate_key,
        line_id,
        wish_rank,
        row_number() over (
            partition by graduate_key
            order by wish_rank asc, is_main desc, vacant_fte desc, line_id asc
        ) as option_rank
    from opened
    qualify row_number() over (partition by graduate_key, line_id order by wish_rank, is_main desc) = 1
)

select * from final
