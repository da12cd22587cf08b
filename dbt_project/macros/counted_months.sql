{#
  Counting only the months that changed. A month is counted again when what was delivered for it, the
  registry, a standard or the code of any model changes; otherwise its rows stay. The cost of a new month
  then does not depend on the history, and an incremental build equals a full one.
  Belongs here: the choice of months. Does not belong here: what a fingerprint is made of
  (`int_month_fingerprints`).
#}

{% macro code_fingerprint() -%}
    {%- set checksums = [] -%}
    {%- if execute -%}
        {%- for node in graph.nodes.values()
            if node.resource_type in ('model', 'seed') and node.package_name == 'medkadr' -%}
            {%- do checksums.append(node.name ~ node.checksum.checksum) -%}
        {%- endfor -%}
    {%- endif -%}
    {{ local_md5(checksums | sort | join('')) }}
{%- endmacro %}

{% macro months_to_count(fingerprint) -%}
    select
        all_months.month,
        md5(all_months.{{ fingerprint }} || '{{ code_fingerprint() }}') as input_fingerprint
    from {{ ref('int_month_fingerprints') }} as all_months
    where
        all_months.{{ fingerprint }} is not null
        {%- if is_incremental() %}
        and not exists (
            select 1
            from (select distinct counted.month, counted.input_fingerprint from {{ this }} as counted) as done
            where
                done.month = all_months.month
                and done.input_fingerprint
                = md5(all_months.{{ fingerprint }} || '{{ code_fingerprint() }}')
        )
        {%- endif %}
{%- endmacro %}

{#
  Whether so few months are to be counted that each may look back on its own; many are cheaper in one pass.
  Asked for at run time: a correction may touch one month or a whole history.
#}
{% macro few_months(fingerprint='needs_fingerprint', most=2) -%}
    {%- if execute and is_incremental() -%}
        {%- set counted = run_query("select count(*) from (" ~ months_to_count(fingerprint) ~ ") as months") -%}
        {{- return(counted.columns[0][0] <= most) -}}
    {%- endif -%}
    {{- return(false) -}}
{%- endmacro %}

{# As a pre-hook: forget months that are delivered no more. #}
{% macro forget_vanished_months(fingerprint) -%}
    {%- if is_incremental() -%}
    delete from {{ this }} where month not in (
        select all_months.month from {{ ref('int_month_fingerprints') }} as all_months
        where all_months.{{ fingerprint }} is not null
    )
    {%- else -%}
    select 1
    {%- endif -%}
{%- endmacro %}
