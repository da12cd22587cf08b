{# A measure of established posts: blank where those of a single line are not known, because blank is not zero. #}
{% macro if_budget_known(measure, relation='posts') -%}
    case when {{ relation }}.is_budget_known then cast({{ relation }}.{{ measure }} as decimal(12, 2)) end
{%- endmacro %}
