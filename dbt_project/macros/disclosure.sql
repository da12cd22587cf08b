{# Counts of persons as they may be shown; the rule and its source: planning/disclosure.py. #}

{# The nearest multiple of five persons. #}
{% macro rounded_persons(count) %}
    cast(({{ count }} + 2) // 5 * 5 as bigint)
{% endmacro %}

{# Whether a part and the rest of a whole are both none or at least ten persons. #}
{% macro may_be_shown(part, whole) %}
    (
        {{ whole }} >= 10
        and ({{ part }} = 0 or {{ part }} >= 10)
        and ({{ whole }} - {{ part }} = 0 or {{ whole }} - {{ part }} >= 10)
    )
{% endmacro %}
