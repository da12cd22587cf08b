{#
  Counting only the months that changed. A month is counted again when what was delivered for it, the
  registry, a standard or the code of any model changes; otherwise its rows stay. The cost of a new month
  then does not depend on the history, and an incremental build equals a full one.
  Belongs here: the choice of months, and the ledger of those counted. Does not belong here: what a
  fingerprint is made of (`int_month_fingerprints`).
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

{#
  Of what a month was counted, as a number: every row carries it, and a text of 32 letters took longer to
  write than all figures of the row. A month is held only against itself, so 64 bits suffice.
#}
{% macro fingerprint_number(fingerprint) -%}
    md5_number_lower(all_months.{{ fingerprint }} || '{{ code_fingerprint() }}')
{%- endmacro %}

{# Every month that is delivered, with the number of what it is to be counted from. #}
{% macro months_delivered(fingerprint) -%}
    {%- set fingerprints = ref('int_month_fingerprints') -%}
    {%- if not execute or load_relation(fingerprints) is none -%}
        {{- return([]) -}}
    {%- endif -%}
    {%- set query -%}
    select
        strftime(all_months.month, '%Y-%m-%d'),
        cast({{ fingerprint_number(fingerprint) }} as varchar)
    from {{ fingerprints }} as all_months
    where all_months.{{ fingerprint }} is not null
    order by all_months.month
    {%- endset -%}
    {{- return(run_query(query).rows | list) -}}
{%- endmacro %}

{#
  The months to count, asked for when the model runs: pairs of month and fingerprint. As dates written into
  the query they reach every table below it; as a subquery they do not pass a join or a view, and one month
  more would read the whole history. Empty while parsing, and before the fingerprints exist.
#}
{% macro months_to_count(fingerprint) -%}
    {%- set done = ledger().months if is_incremental() else {} -%}
    {%- set wanted = [] -%}
    {%- for row in months_delivered(fingerprint) if done.get(row[0]) != row[1] -%}
        {%- do wanted.append(row) -%}
    {%- endfor -%}
    {{- return(wanted) -}}
{%- endmacro %}

{# The same as rows: `month`, `input_fingerprint`. #}
{% macro months_as_rows(counted) -%}
    select
        cast(month as date) as month,
        cast(input_fingerprint as ubigint) as input_fingerprint
    from (
        values
        {%- for row in counted %}
        ('{{ row[0] }}', '{{ row[1] }}'),
        {%- endfor %}
        (null, null)
    ) as counted (month, input_fingerprint)
    where month is not null
{%- endmacro %}

{# The same as a condition on a column of months. #}
{% macro among_months(column, counted) -%}
    {%- if counted | length == 0 -%}
    false
    {%- else -%}
    {{ column }} in ({% for row in counted %}date '{{ row[0] }}'{{ ', ' if not loop.last }}{% endfor %})
    {%- endif -%}
{%- endmacro %}

{# Whether so few months are to be counted that each may look back on its own; many are cheaper in one pass. #}
{% macro few_months(counted) -%}
    {{- return(is_incremental() and counted | length <= 2) -}}
{%- endmacro %}

{#
  The ledger of a table: which code made it, and of what each of its months was counted. It is kept as the
  table's comment: it lives and dies with the table, is written in the transaction that writes the rows, and is
  read without a look at them. To ask ten million rows which months they hold took longer than to count one.
#}
{% macro ledger() -%}
    {%- set nothing = {'code': none, 'months': {}} -%}
    {%- if not execute -%}{{- return(nothing) -}}{%- endif -%}
    {%- set comments = run_query(
        "select comment from duckdb_tables() where database_name = current_database() and schema_name = '"
        ~ this.schema ~ "' and table_name = '" ~ this.identifier ~ "' and comment like '{%'"
    ).rows | list -%}
    {{- return(fromjson(comments[0][0]) if comments else nothing) -}}
{%- endmacro %}

{# As a post-hook: what the table holds now is what is delivered now. #}
{% macro write_ledger(fingerprint) -%}
    {%- set months = {} -%}
    {%- for row in months_delivered(fingerprint) -%}
        {%- do months.update({row[0]: row[1]}) -%}
    {%- endfor -%}
    comment on table {{ this }} is '{{ tojson({"code": code_fingerprint() | trim, "months": months}) }}'
{%- endmacro %}

{#
  A table that other code made is built anew from nothing: all its months would be counted again anyhow, and
  its columns may have changed. dbt asks this of every incremental model.
#}
{% macro should_full_refresh() -%}
    {%- set wanted = config.get('full_refresh') -%}
    {%- if wanted is none -%}{%- set wanted = flags.FULL_REFRESH -%}{%- endif -%}
    {%- if not wanted and execute and model.config.materialized == 'incremental' -%}
        {%- set wanted = ledger().code != code_fingerprint() | trim -%}
    {%- endif -%}
    {{- return(wanted) -}}
{%- endmacro %}

{#
  As a pre-hook, in the transaction that then adds the months counted: forget those that are delivered no more,
  and those to be counted anew. A month that is new asks for no look at the rows of the others.
#}
{% macro forget_months(fingerprint) -%}
    {%- set gone = [] -%}
    {%- if is_incremental() -%}
        {%- set delivered = {} -%}
        {%- for row in months_delivered(fingerprint) -%}{%- do delivered.update({row[0]: row[1]}) -%}{%- endfor -%}
        {%- for month, counted_from in ledger().months.items() if delivered.get(month) != counted_from -%}
            {%- do gone.append([month]) -%}
        {%- endfor -%}
    {%- endif -%}
    {%- if gone -%}
    delete from {{ this }} where {{ among_months('month', gone) }}
    {%- else -%}
    select 1
    {%- endif -%}
{%- endmacro %}
