"""Universities, what they teach and how many places they had.

Belongs here: programmes, their sizes, study places by year of entry. Does not belong here: the graduates
themselves (`graduates.py`).
"""

import numpy as np
import pyarrow as pa

from orchestration.sources.embedded.draws import Floats, stream
from orchestration.sources.embedded.establishment import POSITIONS
from orchestration.sources.embedded.published import code_list, figures
from orchestration.sources.embedded.tables import coded, typed

UNIVERSITIES = figures("universities")
PROGRAMMES = tuple(row for row in code_list("programmes"))
PROGRAMME_CODES = tuple(row["programme_code"] for row in PROGRAMMES)
MAIN_SPECIALTY = {
    row["programme_code"]: row["specialty_code"]
    for row in code_list("programme_compatibility")
    if row["is_main"] == "true"
}
COMPATIBLE: dict[str, tuple[str, ...]] = {
    code: tuple(
        row["specialty_code"] for row in code_list("programme_compatibility") if row["programme_code"] == code
    )
    for code in PROGRAMME_CODES
}
# Graduates a year, about 6,000 together; 5,350 on state grants and 937 on local ones in 2024 over all levels.
# The split by programme is assumed: of the state-grant graduates of 2024 76 % were distributed and 2 % let go
# to find their own place, so no programme turns out many more than its specialties have whole vacant posts.
GRADUATES_A_YEAR = {
    "bach_general": 1_050, "bach_paediatrics": 250, "bach_dentistry": 110, "bach_public_health": 80,
    "bach_pharmacy": 80, "bach_nursing": 420, "col_nursing": 700, "col_feldsher": 330, "col_midwifery": 160,
}  # fmt: skip
RESIDENTS_A_YEAR = 2_820
STUDY_BASES = ("state_grant", "local_grant", "fee")
COMPLETION = 0.88  # graduates of an intake: assumed
GROWTH = 0.03  # of study places a year: assumed


def programme_weights() -> Floats:
    """(programmes,) graduates a year at the size of 2026; residencies follow vacancies and stock."""
    rows = {row["position_code"]: row for row in figures("positions")}
    need = np.array(
        [
            0.06 * float(rows[s]["persons"]) ** 0.5 * (20 + float(rows[s]["vacant_fte"])) ** 0.5
            if code.startswith("res_") and (s := MAIN_SPECIALTY[code]) in POSITIONS
            else 0.0
            for code in PROGRAMME_CODES
        ]
    )
    need *= RESIDENTS_A_YEAR / need.sum()
    return need + np.array([float(GRADUATES_A_YEAR.get(code, 0)) for code in PROGRAMME_CODES])


def offers() -> np.ndarray:
    """(universities, programmes) weights; colleges teach college programmes, universities the others."""
    is_college = np.array([row["level"] == "college" for row in UNIVERSITIES])
    college_programme = np.array([row["level"] == "college" for row in PROGRAMMES])
    size = np.array([float(row["weight"]) for row in UNIVERSITIES])
    return size[:, None] * (is_college[:, None] == college_programme[None])


def university_table() -> pa.Table:
    """The contract `university`."""
    names = ("university_id", "university_name_kk", "university_name_ru", "university_name_en", "region_code")
    return typed("university", {name: [row[name] for row in UNIVERSITIES] for name in names})


def seat_table(seed: int, university: np.ndarray, programme: np.ndarray, basis: np.ndarray,
               graduation_year: np.ndarray) -> pa.Table:  # fmt: skip
    """The contract `university_seat`: intakes that have graduated, and those still studying, to 2026.

    Args:
        seed: Seed of the country.
        university: (graduates,) positions.
        programme: (graduates,) positions in `PROGRAMME_CODES`.
        basis: (graduates,) positions in `STUDY_BASES`.
        graduation_year: (graduates,) years 2021 to 2026.
    """
    rng = stream(seed, "seats")
    length = np.array([int(row["programme_years"]) for row in PROGRAMMES])
    cells = np.zeros((len(UNIVERSITIES), len(PROGRAMMES), len(STUDY_BASES), 6), dtype=np.int64)
    np.add.at(cells, (university, programme, basis, graduation_year - 2021), 1)
    names = (
        "university_id", "programme_code", "study_basis", "entry_year", "seats_count", "graduated_count",
    )  # fmt: skip
    columns: dict[str, list[object]] = {name: [] for name in names}
    for u, p, b in np.argwhere(cells.sum(axis=3) > 0):
        average = cells[u, p, b].mean() / COMPLETION
        for entry in range(2021 - length[p], 2027):
            graduated = int(cells[u, p, b, entry + length[p] - 2021]) if entry + length[p] <= 2026 else None
            ahead = entry + length[p] - 2024
            expected = average * np.exp(GROWTH * ahead) * rng.lognormal(0, 0.05)
            seats = round(expected) if graduated is None else round(graduated / COMPLETION)
            row = (
                UNIVERSITIES[u]["university_id"],
                PROGRAMME_CODES[p],
                STUDY_BASES[b],
                entry,
                seats,
                graduated,
            )
            for name, value in zip(columns, row, strict=True):
                columns[name].append(value)
    return typed("university_seat", columns)


def level_of(programme: np.ndarray) -> pa.Array:
    """Level of study of every graduate."""
    return coded([row["level"] for row in PROGRAMMES], programme)
