{#
  The measures of a deficit, each summed by itself: shortage and surplus never meet. Summed as doubles: quarter posts
  are exact in binary, and a sum of decimals takes twice the time and memory.
  Fractions of posts are first made whole billionths (`in_billionths`), which doubles add exactly in any order up to
  nine million posts; so a re-run gives the same bytes, however its threads share the rows.
#}
{% macro sum_deficits(in_billionths=false) -%}
    {%- for measure in [
        'budgeted_fte', 'filled_fte', 'vacant_fte', 'overfilled_fte', 'funded_vacant_fte',
        'housed_vacant_fte', 'budget_unknown_filled_fte', 'combined_fte', 'persons_count'
    ] -%}
    sum(cast({{ measure }} as double)) as {{ measure }},
        {% endfor -%}
    {%- for measure in [
        'required_norm_fte', 'norm_shortage_fte', 'norm_surplus_fte',
        'required_wisn_fte', 'wisn_shortage_fte', 'wisn_surplus_fte'
    ] -%}
    sum({{ 'round(1e9 * ' ~ measure ~ ')' if in_billionths else measure }}) as {{ measure }}{{ ',' if not loop.last }}
        {% endfor -%}
{%- endmacro %}

{# The same of rows summed before: their known norms' bits, measures and counts added up. #}
{% macro add_deficits() -%}
    bit_or(norm_bits) as norm_bits,
        {{ sum_deficits() }},
        sum(norm_known_count) as norm_known_count,
        sum(wisn_known_count) as wisn_known_count,
        sum(cells_count) as cells_count
{%- endmacro %}

{# A dimension of a roll-up: `all` where the row adds over it, `unknown` where its value is blank. #}
{% macro or_all(is_all, column) -%}
    case when {{ is_all }} = 1 then 'all' else coalesce({{ column }}, 'unknown') end
{%- endmacro %}
