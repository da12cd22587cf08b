-- What each month was counted from. Patients are left out on purpose: they are delivered anew every
-- month, and
-- a month keeps the residence that its patients had when it was counted; a full refresh counts it anew.
with deliveries as (
    select * from {{ ref('stg_door__deliveries') }}
),

facilities as (
    select * from {{ ref('stg_registry__facilities') }}
),

parts as (
    select
        contract,
        month,
        md5(
            string_agg(
                concat_ws('|', sha256, sampling_fraction, landed), ';'
                order by source_system, batch_id, file, sha256, landed
            )
        ) as fingerprint
    from deliveries
    group by contract, month
),

registry as (
    select
        coalesce(
            md5(
                string_agg(
                    concat_ws(
                        '|', facility_id, facility_type, care_level, ownership, region_code,
                        coalesce(district_kato, '-'), settlement, coalesce(beds_count, -1),
                        coalesce(attached_persons, -1), status, coalesce(opened_date, '0001-01-01'),
                        coalesce(closed_date, '0001-01-01')
                    ), ';' order by facility_id
                )
            ), '-'
        ) as registry_fingerprint
    from facilities
),

wholes as (
    select
        coalesce(
            md5(
                string_agg(contract || fingerprint, ';' order by contract)
                filter (
                    where contract in (
                        'norm', 'activity_standard', 'support_standard', 'leave_calendar'
                    )
                )
            ), '-'
        ) as standards_fingerprint,
        coalesce(
            md5(
                string_agg(contract || fingerprint, ';' order by contract)
                filter (
                    where contract in (
                        'passport_tombstone', 'passport_encounter', 'passport_procedure',
                        'passport_immunization', 'staff_post'
                    )
                )
            ), '-'
        ) as undated_fingerprint
    from parts
    where month is null
),

dated as (
    select
        month,
        md5(
            string_agg(contract || fingerprint, ';' order by contract)
            filter (
                where contract in (
                    'passport_encounter', 'passport_procedure', 'passport_immunization'
                )
            )
        ) as passports,
        md5(string_agg(fingerprint, ';') filter (where contract = 'staff_post')) as posts
    from parts
    where month is not null
    group by month
),

windows as (
    select
        ends.month,
        md5(
            string_agg(
                cast(months.month as varchar) || months.passports, ';' order by months.month
            )
        ) as passports_window
    from dated as ends
    inner join dated as months
        on
            ends.month >= months.month
            and months.month > ends.month - interval '12 months'
    where months.passports is not null
    group by ends.month
),

final as (
    select
        dated.month,
        dated.passports || wholes.undated_fingerprint as passports_fingerprint,
        dated.posts || wholes.undated_fingerprint || registry.registry_fingerprint as posts_fingerprint,
        -- Need by workload looks back twelve months and compares with the month's posts.
        case
            when windows.passports_window is not null or dated.posts is not null
                then md5(concat_ws(
                    '|', coalesce(windows.passports_window, '-'), coalesce(dated.posts, '-'),
                    wholes.undated_fingerprint, wholes.standards_fingerprint,
                    registry.registry_fingerprint
                ))
        end as needs_fingerprint
    from dated
    cross join wholes
    cross join registry
    left join windows on dated.month = windows.month
)

select * from final
