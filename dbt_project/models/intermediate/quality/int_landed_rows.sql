-- Rows of every landing table by month, counted from the footers of the Parquet files themselves:
-- independent of the
-- door's own ledger and cheap at any size.
with footers as (
    select
        file_name,
        num_rows
    from parquet_file_metadata('{{ env_var("MEDKADR_LANDING", "../.medkadr/landing") }}/*/**/*.parquet')
),

named as (
    select
        regexp_extract(file_name, '([a-z_]+)/(?:month=\d{4}-\d{2}/)?[^/]*\.parquet$', 1) as contract,
        try_cast(
            nullif(regexp_extract(file_name, '/month=(\d{4}-\d{2})/', 1), '') || '-01' as date
        ) as month,
        num_rows
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
