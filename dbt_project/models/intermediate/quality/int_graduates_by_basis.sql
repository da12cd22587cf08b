-- Graduates by who paid for their study, by year of graduation.
with graduates as (
    select * from {{ ref('stg_graduates__graduates') }}
),

obligations as (
    select * from {{ ref('stg_graduates__obligations') }}
),

bases as (
    select
        graduate_key,
        bool_or(basis in ('state_grant', 'rural_quota', 'phd_order')) as is_state,
        bool_or(basis = 'local_grant') as is_local
    from obligations
    group by graduate_key
),

labelled as (
    select
        graduates.graduation_year,
        case
            when bases.is_state then 'graduates_state_grant'
            when bases.is_local then 'graduates_local_grant'
            else 'graduates_fee'
        end as our_measure
    from graduates
    left join bases on graduates.graduate_key = bases.graduate_key
),

final as (
    select
        our_measure,
        '' as staff_category,
        '' as specialty_code,
        '' as region_code,
        cast(count(*) as double) as our_value,
        'graduate, obligation' as our_source,
        make_date(graduation_year, 7, 1) as month
    from labelled
    group by our_measure, graduation_year
)

select * from final
