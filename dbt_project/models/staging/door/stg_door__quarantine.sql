with source as (
    select * from {{ source('landing', 'quarantine') }}
),

renamed as (
    select
        contract,
        source_system,
        batch_id,
        file,
        line,
        rule,
        severity,
        column_name,
        message,
        raw_text,
        month
    from source
)

select * from renamed
