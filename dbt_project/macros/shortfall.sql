{#
  By how much `available` falls short of `required`: never below zero, and blank when either is blank.
  Written out because DuckDB's greatest() skips blanks, so greatest(null, 0) would turn "unknown" into zero.
#}
{% macro shortfall(required, available) -%}
    case
        when {{ available }} < {{ required }} then {{ required }} - {{ available }}
        when {{ available }} >= {{ required }} then 0
    end
{%- endmacro %}
