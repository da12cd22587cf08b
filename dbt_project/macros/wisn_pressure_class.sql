{#
  Class of work pressure by the WISN ratio (filled / required). The bounds are ours; WHO's manual gives none.
  Nobody recorded and nobody there are classes of their own: neither is "extreme pressure".
#}
{% macro wisn_pressure_class(filled, required) -%}
    case
        when {{ filled }} is null or {{ required }} is null or {{ required }} = 0 then 'no_data'
        when {{ filled }} = 0 then 'no_staff'
        when {{ filled }} / {{ required }} < 0.7 then 'very_high'
        when {{ filled }} / {{ required }} < 0.9 then 'high'
        when {{ filled }} / {{ required }} <= 1.1 then 'balanced'
        when {{ filled }} / {{ required }} <= 1.5 then 'low'
        else 'very_low'
    end
{%- endmacro %}
