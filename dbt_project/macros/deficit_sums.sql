{#
  The measures of a deficit, each summed by itself: shortage and surplus never meet. Summed as doubles: quarter posts
  are exact in binary, and a sum of decimals takes twice the time and memory.
#}
{% macro sum_deficits() -%}
    {%- for measure in [
        'budgeted_fte', 'filled_fte', 'vacant_fte', 'overfilled_fte', 'funded_vacant_fte',
        'housed_vacant_fte', 'combined_fte', 'persons_count', 'required_norm_fte', 'norm_shortage_fte',
        'norm_surplus_fte', 'required_wisn_fte', 'wisn_shortage_fte', 'wisn_surplus_fte'
    ] -%}
    sum(cast({{ measure }} as double)) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor -%}
{%- endmacro %}

{# A dimension of a roll-up: `all` where the row adds over it, `unknown` where its value is blank. #}
{% macro or_all(is_all, column) -%}
    case when {{ is_all }} = 1 then 'all' else coalesce({{ column }}, 'unknown') end
{%- endmacro %}
