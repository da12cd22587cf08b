"""A small installation with a door: what the fault tests share."""

from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.landing import Delivery, finish_landing, land_contract
from orchestration.settings import Settings
from orchestration.source_config import read_source_config
from orchestration.sources.anonymise import make_key
from orchestration.sources.opening import source_for

FACILITY_HEADER = (
    "facility_id,bin,facility_name_ru,facility_type,care_level,ownership,region_code,settlement,status,"
    "beds_count,latitude,longitude"
)
GOOD_FACILITY = "F1,,Поликлиника 1,polyclinic,primary,state_communal,KZ-10,urban,active,,50.4,80.25"


def csv_text(*rows: str, header: str = FACILITY_HEADER) -> str:
    return "\n".join([header, *rows]) + "\n"


@dataclass
class Door:
    """Writes a configuration and lands contracts from files in its folder."""

    folder: Path

    @property
    def settings(self) -> Settings:
        return Settings(
            home=self.folder / "home", config_path=None, boundaries_path=None, threads=1, memory_limit="500MB"
        )

    def land(self, contract: str, declaration: str, *, head: str = "") -> Delivery:
        path = self.folder / "sources.yml"
        path.write_text(
            f"as_of: 2026-09-30\n{head}sources:\n  - {{contracts: [{contract}], {declaration}}}\n",
            encoding="utf-8",
        )
        source = source_for(contract, read_source_config(path), self.settings)
        delivery = land_contract(contract, source, settings=self.settings)
        assert delivery.records_in == delivery.landed + delivery.superseded + delivery.quarantined
        assert len(self.rows(contract)) == delivery.landed
        return delivery

    def land_file(
        self,
        content: bytes | str,
        *,
        name: str = "facility.csv",
        contract: str = "facility",
        options: str = "",
    ) -> Delivery:
        path = self.folder / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return self.land(contract, f"kind: files, path: {name}{', ' if options else ''}{options}")

    def key(self) -> str:
        make_key(self.folder / "secret.key", self.folder / "home")
        return "pseudonym_key_file: secret.key\n"

    def rows(self, table: str) -> list[dict]:
        relation = duckdb.sql(
            f"from read_parquet('{self.settings.landing / table}/**/*.parquet', hive_partitioning = false)"
        )
        return relation.to_arrow_table().to_pylist()

    def quarantined(self) -> list[dict]:
        finish_landing(self.settings)
        return self.rows("quarantine")
