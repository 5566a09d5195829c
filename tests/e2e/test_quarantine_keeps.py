"""A known record whose row cannot be read this time stays as it was."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest


def spoil_row(path: Path, start: str, spoilt: str) -> None:
    """Put `spoilt` in the place of the line that begins so; {} stands for the line."""
    lines = path.read_text(encoding="utf-8").splitlines()
    at = next(n for n, line in enumerate(lines) if line.startswith(start))
    lines[at] = spoilt.format(lines[at])
    path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


@pytest.mark.parametrize(
    ("spoilt", "aside"),
    [("{},one,more", 1), ("A007,too,few", 1), ("{}\n{}!", 2), ("{}\x00", 1)],
    ids=["too many fields", "too few fields", "key twice with different content", "a NUL"],
)
def test_bad_41_the_stored_version_of_a_quarantined_record_stays(
    scanned: Any, world: Any, spoilt: str, aside: int
) -> None:
    before = scanned.seen()
    spoil_row(world.files["crm"], "A007,", spoilt.replace("{}\n{}!", "{0}\n{0}!"))
    second = scanned.scan()
    after = scanned.seen()
    assert len(after["quarantine"]) == aside
    for table in ("records", "crosswalk", "golden", "masters", "links", "lineage", "changes"):
        assert after[table] == before[table], table
    crm = next(file for file in second["counts"]["files"] if file["system"] == "crm")
    assert crm["rows_in"] == crm["loaded"] + crm["identical_repeats"] + crm["quarantined"]


def test_a_kept_record_still_joins_and_gives_its_values(scanned: Any, world: Any) -> None:
    spoil_row(world.files["crm"], "A001,", "{},more")
    scanned.scan()
    del world.rows["erp"][1]  # the other record of the same customer goes
    world.write()
    spoil_row(world.files["crm"], "A001,", "{},more")
    scanned.scan()
    ids = scanned.ids()
    assert ("erp", "0000000002") not in ids
    with scanned.store() as store:
        customer = store.get_customer(ids["crm", "A001"])
        assert customer is not None
        assert customer.values["name"] == world.rows["crm"][1]["Account Name"]


def test_a_record_that_is_neither_there_nor_in_quarantine_goes(scanned: Any, world: Any) -> None:
    del world.rows["crm"][7]
    world.write()
    spoil_row(world.files["crm"], "A008,", "{},more")
    scanned.scan()
    ids = scanned.ids()
    assert ("crm", "A007") not in ids
    assert ("crm", "A008") in ids


def test_a_kept_record_is_replaced_when_its_row_is_read_again(scanned: Any, world: Any) -> None:
    first = scanned.scan()
    spoil_row(world.files["crm"], "A007,", "{},more")
    scanned.scan()
    world.rows["crm"][7]["Account Name"] = "Ganz Anders AG"
    world.write()
    scanned.scan()
    with scanned.store() as store:
        assert "Ganz Anders AG" in "".join(store.read_records()["body"])
    world.rows["crm"][7]["Account Name"] = "Kranichau Maschinenbau GmbH"
    world.write()
    assert scanned.scan()["counts"]["customers"] == first["counts"]["customers"]


def test_a_new_record_in_quarantine_is_not_loaded(scanned: Any, world: Any) -> None:
    with world.files["crm"].open("a", encoding="utf-8") as file:
        file.write("Z999,Neue Firma GmbH\n")
    scanned.scan()
    assert ("crm", "Z999") not in scanned.ids()


def test_records_of_a_shared_file_are_kept_in_their_system(mdm: Any, tmp_path: Path) -> None:
    folder = tmp_path / "p"
    rows = [f"{'crm' if n % 2 else 'erp'},{n},Firma {'ABCDEFGHIJKLMNOPQRSTUVWXYZ'[n]}werk AG,Köln" for n in range(24)]
    path = tmp_path / "all.csv"
    path.write_text("\n".join(["system,id,name,city", *rows, ""]), encoding="utf-8")
    ran = mdm("init", folder, path, "--source-column", "system", "--key-column", "id")
    assert ran.code == 0, ran.err
    assert mdm("scan", folder, "--json").json()["counts"]["records"] == 24
    path.write_text("\n".join(["system,id,name,city", *rows[:7], rows[7] + ",x", *rows[8:], ""]), encoding="utf-8")
    ran = mdm("scan", folder, "--json")
    assert ran.code == 0, ran.err
    assert ran.json()["counts"]["records"] == 24
    assert mdm("export", folder, "--format", "csv").code == 0
    assert '"crm","7",' in (folder / "out" / "crosswalk.csv").read_text(encoding="utf-8")
