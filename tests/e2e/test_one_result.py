"""The same records give the same result: whatever their order, the number of threads and the engine of the store."""

from __future__ import annotations

import random
import shutil
from pathlib import Path
from typing import Any

import pytest

from mdm.app import Call, Watch, open_project, scan
from mdm.settings import load_settings
from mdm.store import Keeper, open_store
from tests.e2e.little_systems import World, make_world

NOW = "2026-01-01T00:00:00+00:00"


def shuffle(world: World, seed: int) -> None:
    mixer = random.Random(seed)  # noqa: S311 - a seeded shuffle
    for rows in world.rows.values():
        mixer.shuffle(rows)
    world.write()


def change(world: World) -> None:
    """The next day: two customers merge, a value changes, a record goes."""
    crm = sorted(world.rows["crm"], key=lambda row: row["Id"])
    crm[4] = {**crm[5], "Id": crm[4]["Id"]}
    crm[9]["Billing City"] = "Bremerhaven"
    world.rows["crm"] = crm
    world.rows["shop"] = [row for row in world.rows["shop"] if row["customer_id"] != "S-9"]


def two_days(begun: Path, folder: Path, seed: int, url: str) -> tuple[str, ...]:
    """The result hashes of two scans, the second after a change, and what the store then shows."""
    shutil.copytree(begun, folder)
    shutil.rmtree(folder / "files")
    world = make_world(folder / "files")
    settings = load_settings({"MDM_THREADS": str(1 + seed % 2)} | ({"MDM_STORE_URL": url} if url else {}))
    hashes = []
    for alter in (lambda _: None, change):
        alter(world)
        shuffle(world, seed)
        hashes.append(scan(open_project(folder, settings), settings, Call(NOW), Watch()).result_hash)
    with open_store(url or f"sqlite:///{folder}/mdm.sqlite", keeper=Keeper(folder / "audit")) as store:
        shown = (store.read_crosswalk(), store.read_masters(), store.read_golden(), store.read_links())
        return (*hashes, *(repr(frame.rows()) for frame in shown))


def results(begun: Path, tmp_path: Path, postgres_server: Any, count: int) -> set[tuple[str, ...]]:
    found = set()
    for seed in range(count):
        url = postgres_server.new_database() if seed % 4 > 1 else ""
        found.add(two_days(begun, tmp_path / str(seed), seed, url))
        if url:
            postgres_server.drop_database(url)
        shutil.rmtree(tmp_path / str(seed))
    return found


def test_four_runs_over_orders_threads_and_engines_have_one_result(
    begun: Path, tmp_path: Path, postgres_server: Any
) -> None:
    assert len(results(begun, tmp_path, postgres_server, 4)) == 1


@pytest.mark.deep
def test_fifty_runs_over_orders_threads_and_engines_have_one_result(
    begun: Path, tmp_path: Path, postgres_server: Any
) -> None:
    assert len(results(begun, tmp_path, postgres_server, 50)) == 1
