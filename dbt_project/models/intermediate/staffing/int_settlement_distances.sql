-- Great-circle distance of every settlement and every facility with doctors in the widest catchment.
-- Bands of
-- latitude as wide as the catchment make the search an equality join over three bands instead of all
-- pairs.
with settlements as (
    select * from {{ ref('dim_settlements') }}
    where latitude is not null
),

places as (
    select distinct
        facility_id,
        latitude,
        longitude
    from {{ ref('int_doctors_located') }}
),

reach as (
    -- A degree of latitude is 111.2 km on the sphere of 6,371 km.
    select
        max(catchment_km) as widest_km,
        max(catchment_km) / 111.1 as band_degrees
    from {{ ref('catchments') }}
),

settlement_bands as (
    select
        settlements.*,
        reach.widest_km,
        reach.band_degrees,
        unnest([-1, 0, 1]) + cast(floor(settlements.latitude / reach.band_degrees) as integer)
            as band
    from settlements
    cross join reach
),

place_bands as (
    select
        places.*,
        cast(floor(places.latitude / reach.band_degrees) as integer) as band
    from places
    cross join reach
),

pairs as (
    select
        settlement_bands.settlement_kato,
        place_bands.facility_id,
        settlement_bands.widest_km,
        {{ haversine_km(
            'settlement_bands.latitude', 'settlement_bands.longitude',
            'place_bands.latitude', 'place_bands.longitude'
        ) }} as distance_km
    from settlement_bands
    inner join place_bands
        on
            settlement_bands.band = place_bands.band
            and abs(settlement_bands.longitude - place_bands.longitude)
            * cos(radians(greatest(
                abs(settlement_bands.latitude), abs(place_bands.latitude)
            ))) <= settlement_bands.band_degrees * 1.05
),

final as (
    select
        settlement_kato,
        facility_id,
        distance_km
    from pairs
    where distance_km <= widest_km
)

select * from final
