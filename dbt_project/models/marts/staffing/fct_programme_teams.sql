-- By the exact registers: checked and reckoned with, not published.
-- What may be shown is fct_programme_team_gaps.
{{ programme_teams(ref('int_chronic_registers')) }}
