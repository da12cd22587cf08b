-- Posts, needs, shortages and surpluses are never negative; chances lie between zero and one.
select * from {{ ref('fct_deficit_forecasts') }}
where p2_5_fte < 0 or deficit_probability_share not between 0 and 1
