with figures as (
    select * from {{ ref('published_figures') }}
),

ours as (
    select * from {{ ref('int_our_figures') }}
),

-- A published 1 January is our December before it.
wanted as (
    select
        *,
        case
            when our_measure in ('population', 'rural_population') then published_for_date
            when extract(month from published_for_date) = 1 and extract(day from published_for_date) = 1
                then cast(published_for_date - interval '1 month' as date)
            else cast(date_trunc('month', published_for_date) as date)
        end as wanted_month
    from figures
),

-- Our figure of the same month where we hold it, else the nearest.
matched as (
    select
        wanted.*,
        ours.our_value,
        ours.our_source,
        ours.month as our_month,
        coalesce(
            wanted.date_precision <> 'year' and ours.month = wanted.wanted_month, false
        ) as is_same_date
    from wanted
    left join ours
        on
            wanted.our_measure = ours.our_measure
            and coalesce(wanted.staff_category, '') = ours.staff_category
            and coalesce(wanted.specialty_code, '') = ours.specialty_code
            and coalesce(wanted.region_code, '') = ours.region_code
    qualify
        row_number() over (
            partition by wanted.figure_code
            order by abs(date_diff('day', ours.month, wanted.wanted_month)) nulls last, ours.month desc
        ) = 1
),

final as (
    select
        figure_code,
        figure_name_kk,
        figure_name_ru,
        figure_name_en,
        unit,
        universe,
        published_source,
        published_value,
        our_value,
        our_source,
        case when is_same_date then our_value - published_value end as difference_value,
        our_value / nullif(published_value, 0) as ratio,
        is_same_date,
        is_contradicted,
        nullif(concat_ws(
            ' ',
            contradiction,
            case when date_precision = 'year' then 'Published for the year, without a day.' end,
            case
                when our_value is not null and not is_same_date and date_precision <> 'year'
                    then 'Ours describes another month: the two must not be subtracted.'
            end
        ), '') as warning,
        published_for_date,
        our_month as our_as_of_date
    from matched
)

select * from final
