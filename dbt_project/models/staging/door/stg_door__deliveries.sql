with source as (
    select * from {{ source('landing', 'delivery') }}
),

renamed as (
    select
        contract,
        source_kind,
        source_system,
        batch_id,
        as_of as as_of_date,
        month,
        file,
        records_in,
        landed,
        superseded,
        quarantined,
        sampling_fraction,
        is_demonstration,
        sha256
    from source
)

select * from renamed
