{#
  The one condition under which two months may be compared: the count of vacant posts swings by about a fifth
  between July and September, when graduates arrive, so July against September measures the calendar.
#}
{% macro same_calendar_month(month, earlier_month) -%}
    extract(month from {{ month }}) = extract(month from {{ earlier_month }})
{%- endmacro %}

{# Refuses at compile time two months named in a model, a test or an analysis that must not be compared. #}
{% macro require_same_calendar_month(month, earlier_month) -%}
    {%- if month[5:7] != earlier_month[5:7] -%}
        {{ exceptions.raise_compiler_error(
            month ~ ' and ' ~ earlier_month ~ ' are different calendar months. Vacant posts swing by about a'
            ~ ' fifth between July and September, when graduates arrive: compare the same month of two years.'
        ) }}
    {%- endif -%}
{%- endmacro %}
