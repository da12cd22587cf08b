{#
  A sum of fractions that is the same in every run. Doubles added by several threads in any order differ in
  their last digits, and two runs of one input would differ; decimals add exactly. Twelve places are kept.
#}
{% macro steady_sum(fraction) -%}
    cast(sum(cast({{ fraction }} as decimal(38, 12))) as double)
{%- endmacro %}
