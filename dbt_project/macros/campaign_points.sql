-- Points of a pair of a graduate and a line: the criteria that it meets, and the merit, by one version of the
-- priority rules. `suffix` names the version's columns in the CTE `criteria`.
{% macro campaign_points(suffix='') -%}
    pairs.merit * criteria.merit_points{{ suffix }}
    + if(pairs.spouse_locality, criteria.spouse_locality_points{{ suffix }}, 0)
    + if(pairs.home_region, criteria.home_region_points{{ suffix }}, 0)
    + if(pairs.rural_home, criteria.rural_home_points{{ suffix }}, 0)
    + if(pairs.state_language, criteria.state_language_points{{ suffix }}, 0)
    + if(pairs.study_in_region, criteria.study_in_region_points{{ suffix }}, 0)
{%- endmacro %}

-- One criterion of the priority rules as a column of the one row of `criteria`, 0 where a version lacks it.
{% macro criterion_points(criterion, suffix='') -%}
    coalesce(max(points{{ suffix }}) filter (where criterion = '{{ criterion }}'), 0)
{%- endmacro %}
