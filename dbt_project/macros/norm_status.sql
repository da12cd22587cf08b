{# Standing of the acts behind a figure, in words: `repealed`, or `in_force, user_supplied` where acts differ. #}
{% macro norm_status(relation) -%}
    nullif(concat_ws(
        ', ',
        case when {{ relation }}.is_in_force then 'in_force' end,
        case when {{ relation }}.is_repealed then 'repealed' end,
        case when {{ relation }}.is_user_supplied then 'user_supplied' end,
        case when {{ relation }}.is_assumed then 'assumed' end
    ), '')
{%- endmacro %}
