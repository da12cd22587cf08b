{{ programme_teams(ref('fct_programme_coverage')) }}
