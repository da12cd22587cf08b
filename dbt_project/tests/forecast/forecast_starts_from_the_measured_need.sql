-- In its first year the projected need of the country, every region and every specialty is the WISN need.
select * from {{ ref('fct_base_year_needs') }}
where
    (level = 'nation' or specialty_code = 'all')
    and need_wisn_fte is not null
    and abs(need_projected_fte - need_wisn_fte) > greatest(0.01 * need_wisn_fte, 1)
