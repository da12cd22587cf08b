with source as (
    select * from {{ source('landing', 'university_seat') }}
),

renamed as (
    select
        university_id,
        programme_code,
        study_basis,
        entry_year,
        seats_count,
        graduated_count,
        as_of as as_of_date
    from source
)

select * from renamed
