"""Foreign places and codes in flat files, through the same two crosswalks as those of FHIR.

`foreign_state` is looked up with what stands in the file's `region_code`, `foreign_city` with its
`district_kato`; a code with what stands in its column and no system. What is ours already stays as it is.
Does not belong here: the crosswalks themselves (`crosswalk.py`) and the names of columns (`files.py`).
"""

from collections.abc import Sequence
from pathlib import Path

from orchestration.contracts import Contract
from orchestration.door.code_lists import code_list
from orchestration.sources.crosswalk import Codes, Geography, Place

CODE_LIST_OF = {
    "facility_type": "facility_type",
    "care_level": "care_level",
    "ownership": "ownership",
    "specialty_code": "specialty",
    "position_code": "position",
    "equipment_type_code": "equipment_type",
    "icd10_code": "icd10",
    "reason_icd10_code": "icd10",
    "class_code": "encounter_class",
}
Columns = dict[str, list[str | None]]


class FlatCrosswalk:
    """Translates the columns of one contract.

    Args:
        contract: The contract.
        places: The geography crosswalk, or None.
        codes: The code crosswalk, or None.
        source_system: Name of the system, by which rows of the crosswalk are chosen.
    """

    def __init__(
        self, contract: Contract, places: Path | None, codes: Path | None, source_system: str
    ) -> None:
        """Read the crosswalks that are configured."""
        names = contract.column_names
        self._names = names
        self._geography = Geography(places, source_system) if places and "region_code" in names else None
        self._codes = Codes(codes) if codes else None

    def translate(self, columns: Columns) -> list[int]:
        """Put our places and codes in the place of foreign ones.

        Args:
            columns: Texts by column of the contract, all of one length; changed in place.

        Returns:
            Rows whose place no row of the crosswalk covers.
        """
        if self._codes:
            for name in CODE_LIST_OF.keys() & columns.keys():
                columns[name] = [self._code(CODE_LIST_OF[name], text) for text in columns[name]]
        if not self._geography:
            return []
        ours = set(code_list("regions"))
        uncovered = []
        for row, region in enumerate(columns["region_code"]):
            text = (region or "").strip()
            if not text or text in ours:
                continue
            district = (self._cell(columns, "district_kato", row) or "").strip()
            place = self._geography.place(text, district, "")
            if place is None:
                uncovered.append(row)
            else:
                self._put(columns, row, place)
        return uncovered

    def _code(self, of: str, text: str | None) -> str | None:
        found = self._codes.target(of, [("", text.strip())]) if self._codes and text else None
        return found or text

    @staticmethod
    def _cell(columns: Columns, name: str, row: int) -> str | None:
        return columns[name][row] if name in columns else None

    def _put(self, columns: Columns, row: int, place: Place) -> None:
        columns["region_code"][row] = place.region_code
        put: dict[str, str | None] = {"district_kato": place.district_kato}
        if place.settlement_kato:
            put["settlement_kato"] = place.settlement_kato
        if place.settlement and not self._cell(columns, "settlement", row):
            put["settlement"] = place.settlement
        if not place.keeps_coordinates or place.latitude is not None:
            put["latitude"] = None if place.latitude is None else str(place.latitude)
            put["longitude"] = None if place.longitude is None else str(place.longitude)
        for name, text in put.items():
            if name in columns:
                columns[name][row] = text


def bytes_of(paths: Sequence[Path | None]) -> list[str]:
    """The crosswalks' content, for the fingerprint of a source."""
    return [path.read_text(encoding="utf-8-sig", errors="replace") for path in paths if path]
