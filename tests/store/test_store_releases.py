"""A store and a backup of each release open as they were: every id, decision and value, on both engines.

A release adds a folder: the store of a little project on which everything was done that stewards can do, compressed;
its backup; the key and the anchor of its audit; and `shown.json`, which is what `shown` gives for it.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from mdm.store import Keeper, Store, Wish, open_store, restore_store

RELEASES = sorted(p.name for p in (Path(__file__).parent / "releases").iterdir())


def frames(store: Store) -> dict[str, Any]:
    return {
        "crosswalk": store.read_crosswalk(),
        "masters": store.read_masters(),
        "lineage": store.read_lineage(),
        "records": store.read_records(),
        "golden": store.read_golden(),
        "links": store.read_links(),
        "changes": store.read_publish_changes(),
        "decisions": store.decisions(),
        "pins": store.read_pins(),
        "overrides": store.read_overrides(),
        "deeds": store.read_deeds(),
    }


def shown(store: Store, columns: dict[str, list[str]] | None = None) -> dict[str, Any]:
    """Of each table the columns there were at the release, the number of rows and a hash of all of them."""
    found = {}
    for name, frame in frames(store).items():
        mine = frame.select(columns[name]) if columns else frame
        text = json.dumps(mine.rows(), ensure_ascii=False)
        digest = hashlib.sha256(text.encode()).hexdigest()
        found[name] = {"columns": mine.columns, "rows": mine.height, "sha256": digest}
    return found


def placed(release: str, folder: Path) -> tuple[Path, Keeper, dict[str, Any]]:
    """The release's files beside its key, ready to be opened."""
    kept = Path(__file__).parent / "releases" / release
    audit = folder / "audit"
    audit.mkdir()
    for name in ("key", "anchor.json"):
        shutil.copy(kept / name, audit / name)
    return kept, Keeper(audit), json.loads((kept / "shown.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("release", RELEASES)
def test_the_store_of_a_release_opens_as_it_was(release: str, tmp_path: Path) -> None:
    kept, keeper, expected = placed(release, tmp_path)
    (tmp_path / "s.sqlite").write_bytes(gzip.decompress((kept / "store.sqlite.gz").read_bytes()))
    with open_store(f"sqlite:///{tmp_path}/s.sqlite", create=False, keeper=keeper) as store:
        assert shown(store, {name: table["columns"] for name, table in expected.items()}) == expected
        assert store.verify().holds


@pytest.mark.parametrize("release", RELEASES)
def test_the_backup_of_a_release_is_restored_as_it_was(release: str, tmp_path: Path, url: str) -> None:
    kept, keeper, expected = placed(release, tmp_path)
    restore_store(url, kept / "backup.mdm", Wish(actor="ann", at="2027-01-01T00:00:00+00:00", replaces=True), keeper)
    with open_store(url, create=False, keeper=keeper) as store:
        assert shown(store, {name: table["columns"] for name, table in expected.items()}) == expected
        assert store.verify().holds
