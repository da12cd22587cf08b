-- Norms by inhabitants that hold on the as-of day, one a specialty: the act that began last.
with norms as (
    select * from {{ ref('stg_reference__norms') }}
),

as_of as (
    select * from {{ ref('int_as_of') }}
),

specialties as (
    select * from {{ ref('specialties') }}
    where staff_category = 'doctor'
),

final as (
    select
        norms.specialty_code,
        cast(10000.0 / norms.basis_units_count as double) as posts_per_10k,
        norms.act_number,
        norms.act_status as status
    from norms
    inner join specialties on norms.specialty_code = specialties.specialty_code
    cross join as_of
    where
        norms.basis = 'per_population'
        and norms.facility_type is null
        and norms.valid_from <= as_of.as_of_date
        and coalesce(norms.valid_to, date '9999-12-31') >= as_of.as_of_date
    qualify
        row_number() over (
            partition by norms.specialty_code order by norms.valid_from desc, norms.norm_id asc
        ) = 1
)

select * from final
