{# A model's schema is exactly the one it names, so that the asset key is [schema, table] on every target. #}
{% macro generate_schema_name(custom_schema_name, node) -%}
    {{ custom_schema_name | trim if custom_schema_name else target.schema }}
{%- endmacro %}
