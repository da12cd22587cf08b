{# Great-circle distance on a sphere of 6,371 km; within 0.5 percent of the ellipsoid. #}
{% macro haversine_km(latitude, longitude, other_latitude, other_longitude) -%}
    2 * 6371.0 * asin(sqrt(least(1.0,
        pow(sin(radians({{ other_latitude }} - {{ latitude }}) / 2), 2)
        + cos(radians({{ latitude }})) * cos(radians({{ other_latitude }}))
        * pow(sin(radians({{ other_longitude }} - {{ longitude }}) / 2), 2)
    )))
{%- endmacro %}

{#
  Distance decay of the enhanced two-step floating catchment area (Luo and Qi 2009): three equal zones with the
  Gaussian weights 1.00, 0.68 and 0.22.
#}
{% macro distance_weight(distance_km, catchment_km) -%}
    case
        when {{ distance_km }} <= {{ catchment_km }} / 3 then 1.00
        when {{ distance_km }} <= {{ catchment_km }} * 2 / 3 then 0.68
        when {{ distance_km }} <= {{ catchment_km }} then 0.22
        else 0
    end
{%- endmacro %}
