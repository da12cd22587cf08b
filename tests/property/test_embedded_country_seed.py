"""The embedded country depends on its seed and sampling fraction alone, and hides a law that can be found."""

import hashlib

import numpy as np
import pyarrow as pa
import pytest

from orchestration.contracts import CONTRACTS
from orchestration.sources.embedded import build_country
from orchestration.sources.embedded.calendar import LAST_MONTH
from orchestration.sources.embedded.establishment import IS_DOCTOR, POSITIONS

pytestmark = pytest.mark.property


def fingerprint(country):
    """SHA-256 of every contract, one month of those that come by month."""
    digests = {}
    for contract in CONTRACTS:
        month = country.months[7] if contract.period else None
        sink = pa.BufferOutputStream()
        table = country.table(contract.name, month)
        with pa.ipc.new_stream(sink, table.schema) as writer:
            writer.write_table(table)
        digests[contract.name] = hashlib.sha256(sink.getvalue()).hexdigest()
    return digests


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others():
    one, again, other = (fingerprint(build_country(seed, 0.001)) for seed in (5, 5, 6))
    assert one == again
    drawn = {"settlement", "facility", "staff_post", "staff_member", "graduate", "passport_patient",
             "passport_encounter", "passport_condition", "service_event"}  # fmt: skip
    assert all(one[name] != other[name] for name in drawn)
    assert one["norm"] == other["norm"]


def test_a_month_does_not_depend_on_what_was_asked_before():
    country, fresh = build_country(5, 0.001), build_country(5, 0.001)
    for month in reversed(country.months[:3]):
        country.table("passport_encounter", month)
    assert country.table("passport_encounter", country.months[1]).equals(
        fresh.table("passport_encounter", country.months[1])
    )


def test_a_small_sample_weighs_up_to_the_same_volumes_as_a_large_one():
    volumes = {}
    for fraction in (0.001, 0.01):
        country = build_country(5, fraction)
        table = country.table("passport_encounter", country.months[13])
        volumes[fraction] = table.num_rows / fraction
        specialty = table.to_pandas().specialty_code.value_counts(normalize=True)
        volumes[fraction, "gp"] = specialty["gp"]
    assert volumes[0.001] == pytest.approx(volumes[0.01], rel=0.04)
    assert volumes[0.001, "gp"] == pytest.approx(volumes[0.01, "gp"], abs=0.02)


def person_years(country):
    """At risk and leaving of doctors hired since the register began, by service year 1…10."""
    staff = country.table("staff_member").to_pandas()
    codes = [code for code, doctor in zip(POSITIONS, IS_DOCTOR, strict=True) if doctor]
    staff = staff[staff.position_code.isin(codes)]
    hired = np.array([12 * day.year + day.month - 1 for day in staff.hired_month])
    left = np.array([12 * day.year + day.month - 1 if day is not None else 0 for day in staff.left_month])
    kept = hired >= 12 * 2016
    hired, left, reason = hired[kept], left[kept], staff.leave_reason.to_numpy()[kept]
    served = np.where(left > 0, left, LAST_MONTH) - hired
    by_law = (left > 0) & ~np.isin(reason, ["retire", "death"])
    year = np.ceil(served / 12).astype(int).clip(min=1)
    hazards = []
    for service_year in range(1, 9):
        # A year counts as far as it was served; who left by the law counts for the whole of it.
        leaving = by_law & (year == service_year)
        exposure = np.clip(served - 12 * (service_year - 1), 0, 12) / 12
        hazards.append(leaving.sum() / np.where(leaving, 1.0, exposure).sum())
    return np.array(hazards)


def test_leaving_by_service_year_follows_the_hidden_law():
    country = build_country(5, 0.001)
    truth = country.truth["hazard"].annual_hazard_share.to_numpy()[:8]
    found = person_years(country)
    # Unlike people mix, so the early hazards of the average doctor are met within a few points only.
    assert np.abs(found - truth).max() < 0.06
    assert found.argmax() == 3


def test_a_like_share_of_doctors_retires_and_dies_in_every_year_of_the_register():
    staff = build_country(5, 0.001).table("staff_member").to_pandas()
    doctors = staff[staff.position_code.isin([c for c, d in zip(POSITIONS, IS_DOCTOR, strict=True) if d])]
    hired = np.array([day.year for day in doctors.hired_month])
    left = np.array([day.year if day is not None else 9999 for day in doctors.left_month])
    for reasons, share in ((["retire"], 0.014), (["death"], 0.0025)):
        ended = left[doctors.leave_reason.isin(reasons)]
        shares = [(ended == y).sum() / ((hired <= y) & (left >= y)).sum() for y in range(2016, 2026)]
        assert shares == pytest.approx([share] * 10, rel=0.25)
    age = [(y - doctors.birth_year[(hired <= y) & (left > y)]).mean() for y in (2016, 2025)]
    assert age[0] == pytest.approx(age[1], abs=0.5)  # the register does not grow old
    posts = [doctors.fte[(hired <= y) & (left > y)].mean() for y in (2016, 2025)]
    assert posts[0] == pytest.approx(posts[1], abs=0.01)  # nor do its doctors work more from year to year
