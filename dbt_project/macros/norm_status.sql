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

{# The standing as bits, which roll-ups join in one cheap aggregate: 1 in_force, 2 repealed, 4 user_supplied, 8 assumed. #}
{% macro norm_bits(relation) -%}
    cast(
        case when {{ relation }}.is_in_force then 1 else 0 end
        + case when {{ relation }}.is_repealed then 2 else 0 end
        + case when {{ relation }}.is_user_supplied then 4 else 0 end
        + case when {{ relation }}.is_assumed then 8 else 0 end as utinyint
    )
{%- endmacro %}

{# The same from bits: 1 in_force, 2 repealed, 4 user_supplied, 8 assumed. #}
{% macro norm_status_of_bits(bits) -%}
    nullif(concat_ws(
        ', ',
        case when {{ bits }} & 1 > 0 then 'in_force' end,
        case when {{ bits }} & 2 > 0 then 'repealed' end,
        case when {{ bits }} & 4 > 0 then 'user_supplied' end,
        case when {{ bits }} & 8 > 0 then 'assumed' end
    ), '')
{%- endmacro %}
