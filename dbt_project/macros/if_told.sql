{#- A sum, blank where more than `untold_limit` of the figure is missing: what is known of it and what is untold
    make the whole. -#}
{% macro if_told(known, untold) -%}
    case
        when
            {{ untold }} is null
            or {{ untold }} <= {{ var('untold_limit') }} * (coalesce({{ known }}, 0) + {{ untold }})
            then {{ known }}
    end
{%- endmacro %}
