with source as (
    select * from {{ source('landing', 'graduate') }}
),

renamed as (
    select
        graduate_key,
        university_id,
        programme_code,
        level,
        specialty_code,
        graduation_year,
        sex,
        birth_year,
        home_region_code,
        home_settlement,
        language,
        merit_score,
        couple_key,
        spouse_locality_kato,
        preplaced_facility_id,
        has_consent,
        as_of as as_of_date
    from source
)

select * from renamed
