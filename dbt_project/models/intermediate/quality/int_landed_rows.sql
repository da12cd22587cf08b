-- Rows of every landing table by month, counted from the footers of the Parquet files themselves:
-- independent of the door's own ledger and cheap at any size.
{% set landing = env_var('MEDKADR_LANDING', '../.medkadr/landing') %}

with footers as (
    select
        num_rows,
        -- Below the landing folder: `<contract>/part.parquet` or `<contract>/month=2026-09/part.parquet`.
        substr(file_name, {{ landing | length + 2 }}) as file_path
    from parquet_file_metadata('{{ landing }}/*/**/*.parquet')
),

named as (
    select
        num_rows,
        split_part(file_path, '/', 1) as contract,
        try_cast(
            nullif(regexp_extract(file_path, '/month=(\d{4}-\d{2})/', 1), '') || '-01' as date
        ) as month
    from footers
),

final as (
    select
        contract,
        month,
        sum(num_rows) as rows_count
    from named
    where contract not in ('delivery', 'quarantine')
    group by contract, month
)

select * from final
