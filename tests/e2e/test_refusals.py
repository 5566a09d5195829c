"""Bad input through the commands: refused in words, with nothing half done, and every record accounted for."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl
import pytest


def spoil_empty(path: Path) -> None:
    path.write_bytes(b"")


def spoil_header_only(path: Path) -> None:
    path.write_bytes(path.read_bytes().splitlines(keepends=True)[0])


def spoil_encoding(path: Path) -> None:
    path.write_bytes(path.read_bytes().decode("utf-8").encode("cp1252"))


def spoil_quote(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(b"".join([*lines[:2], b'"' + lines[2], *lines[3:] * 20]))


def spoil_column(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"Account Name", b"Account Title", 1))


def spoil_twice(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"Remark", b"Phone", 1))


def spoil_unnamed(path: Path) -> None:
    path.write_bytes(path.read_bytes().replace(b"Remark", b"", 1))


def spoil_keys(path: Path) -> None:
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + b"".join(b"," + line.split(b",", 1)[1] for line in lines[1:]))


def spoil_gone(path: Path) -> None:
    path.unlink()


def spoil_pdf(path: Path) -> None:
    path.write_bytes(b"%PDF-1.7\n" + path.read_bytes())


SPOILS = [
    (spoil_empty, "crm.csv is empty (zero bytes)"),
    (spoil_header_only, "crm.csv has a header and no records"),
    (spoil_encoding, "is not UTF-8. It looks like Windows-1252"),
    (spoil_quote, "a quote that opens in record 2 is never closed"),
    (spoil_column, 'has no column "Account Name"'),
    (spoil_twice, '"Phone" stands twice in the header'),
    (spoil_unnamed, "column 10 has no name"),
    (spoil_keys, "would be quarantined"),
    (spoil_gone, "There is no file"),
    (spoil_pdf, "PDF"),
]
NAMES = [spoil.__name__.removeprefix("spoil_") for spoil, _ in SPOILS]


@pytest.mark.parametrize(("spoil", "said"), SPOILS, ids=NAMES)
def test_a_refused_file_leaves_the_store_as_it_was(scanned: Any, world: Any, spoil: Any, said: str) -> None:
    before = scanned.seen()
    spoil(world.files["crm"])
    ran = scanned.try_scan()
    assert ran.code == 2
    assert said in ran.words
    assert scanned.seen() == before


@pytest.mark.parametrize(("spoil", "said"), SPOILS, ids=NAMES)
def test_a_refused_file_leaves_no_results(deduped: Any, mdm: Any, world: Any, spoil: Any, said: str) -> None:
    spoil(world.files["crm"])
    mapping = world.folder / "mapping.yaml"
    mapping.write_bytes((deduped.out / "mapping.yaml").read_bytes())
    ran = mdm("dedupe", *world.arguments, "--mapping", mapping, "--out", world.folder / "out")
    assert ran.code == 2
    assert said in ran.words
    assert not (world.folder / "out").exists()


@pytest.mark.parametrize("spoil", [spoil for spoil, _ in SPOILS if spoil not in (spoil_encoding, spoil_column)])
def test_a_file_nobody_described_is_refused_as_well(mdm: Any, world: Any, spoil: Any) -> None:
    spoil(world.files["crm"])
    ran = mdm("dedupe", *world.arguments, "--out", world.folder / "out")
    assert ran.code == 2
    assert len(ran.err.splitlines()) >= 2  # what is wrong, and what to do
    assert not (world.folder / "out").exists()


def test_a_refusal_repeats_no_record(scanned: Any, world: Any) -> None:
    spoil_quote(world.files["crm"])
    words = scanned.try_scan().words
    assert not any(value in words for value in world.rows["crm"][1].values() if len(value) > 2)


def break_rows(world: Any) -> None:
    """A record with too many fields, one with too few, one with no key, and two of one key that differ."""
    text = world.files["crm"].read_text(encoding="utf-8")
    first = text.splitlines()[1]
    lines = [f"{first},one,more", "X1,short", "," + first.split(",", 1)[1], "X2" + first[4:], "X2" + first[4:] + "!"]
    world.files["crm"].write_text(text + "".join(f"{line}\n" for line in lines), encoding="utf-8")


def check_balance(file: dict[str, int], rows_in: int, quarantined: int) -> None:
    assert file["rows_in"] == rows_in
    assert file["quarantined"] == quarantined
    assert file["loaded"] + file["identical_repeats"] + file["quarantined"] == rows_in


def test_bad_rows_are_quarantined_with_file_record_and_reason(mdm: Any, world: Any, tmp_path: Path) -> None:
    break_rows(world)
    ran = mdm("dedupe", *world.arguments, "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    assert "crm.csv, record 19: 12 fields where the header has 10" in ran.words
    assert "2 further ones; all of them are in" in ran.words
    aside = pl.read_csv(tmp_path / "out" / "quarantine.csv", infer_schema=False)
    assert aside["record_number"].to_list() == ["19", "20", "21", "22", "23"]
    assert aside["key"].to_list() == ["A000", "X1", None, "X2", "X2"]
    assert aside["file"].str.ends_with("crm.csv").all()
    assert aside["reason"].to_list() == [
        "12 fields where the header has 10",
        "2 fields where the header has 10",
        "the key is empty",
        "the key stands twice, with different content",
        "the key stands twice, with different content",
    ]


def test_a_record_in_quarantine_has_a_row_and_an_id_of_its_own(mdm: Any, world: Any, tmp_path: Path) -> None:
    break_rows(world)
    assert mdm("dedupe", *world.arguments, "--out", tmp_path / "out").code == 0
    clusters = pl.read_csv(tmp_path / "out" / "clusters.csv", infer_schema=False)
    ids = {(system, key): master for system, key, master in clusters.rows()}
    assert clusters.height == len(ids) == 44
    alone = [ids["crm", key] for key in ("(record 19)", "(record 21)", "X1", "X2")]
    assert len(set(alone)) == 4
    assert clusters.filter(pl.col("master_id").is_in(alone)).height == 4
    assert not set(alone) & set(pl.read_csv(tmp_path / "out" / "golden.csv", infer_schema=False)["master_id"])


def test_the_records_of_a_file_with_bad_rows_add_up(scanned: Any, world: Any) -> None:
    break_rows(world)
    with world.files["crm"].open("a", encoding="utf-8") as file:
        file.write(world.files["crm"].read_text(encoding="utf-8").splitlines()[2] + "\n")  # a copy of a record
    second = scanned.scan()
    crm = next(file for file in second["counts"]["files"] if file["system"] == "crm")
    check_balance(crm, rows_in=18 + 5 + 1, quarantined=5)
    assert crm["identical_repeats"] == 1
    with scanned.store() as store:
        assert store.read_quarantine().height == 5
        assert store.read_crosswalk().height == 40
    assert "rows read 46 identical repeats 1 set aside 5 records 40" in scanned.try_scan().words


def test_a_quarantine_that_changed_is_written_although_no_record_did(scanned: Any, world: Any) -> None:
    first = scanned.scan()
    break_rows(world)
    second = scanned.scan()
    assert second["result_hash"] == first["result_hash"]
    assert second["rows_written"] > 0
    assert scanned.scan()["rows_written"] == 0
    world.write()
    assert scanned.scan()["result_hash"] == first["result_hash"]
    with scanned.store() as store:
        assert store.read_quarantine().is_empty()


def drop(world: Any, system: str, count: int) -> None:
    del world.rows[system][-count:]
    world.write()


def test_an_extract_that_lost_too_much_stops_the_scan(scanned: Any, world: Any) -> None:
    before = scanned.seen()
    drop(world, "erp", 2)
    ran = scanned.try_scan()
    assert ran.code == 3
    assert "erp has lost 2 of its 12 records since the last scan, more than 10%" in ran.words
    assert "--accept-shrink erp" in ran.words
    assert scanned.seen() == before


def test_a_loss_within_the_limit_passes(scanned: Any, world: Any) -> None:
    drop(world, "shop", 1)  # one of ten
    assert scanned.scan()["counts"]["records"] == 39


def test_an_accepted_loss_passes_and_only_for_its_system(scanned: Any, world: Any) -> None:
    drop(world, "erp", 6)
    assert scanned.try_scan("--accept-shrink", "crm").code == 3
    assert scanned.scan("--accept-shrink", "erp")["counts"]["records"] == 34
    assert scanned.scan()["rows_written"] == 0


def test_other_records_do_not_make_up_for_those_that_are_gone(scanned: Any, world: Any) -> None:
    for row in world.rows["erp"]:
        row["KUNNR"] = row["KUNNR"].lstrip("0")  # the extract lost its leading zeros
    world.write()
    ran = scanned.try_scan()
    assert ran.code == 3
    assert "erp has lost 12 of its 12 records" in ran.words


def test_a_system_that_is_gone_altogether_stops_the_scan(scanned: Any) -> None:
    (scanned.folder / "rules" / "sources" / "shop.yaml").unlink()
    ran = scanned.try_scan()
    assert ran.code == 3
    assert "shop has lost 10 of its 10 records" in ran.words
    assert scanned.scan("--accept-shrink", "shop")["counts"]["records"] == 30


def test_every_system_that_lost_too_much_is_named(scanned: Any, world: Any) -> None:
    drop(world, "erp", 6)
    drop(world, "shop", 5)
    words = scanned.try_scan().words
    assert "--accept-shrink erp --accept-shrink shop" in words


def test_a_limit_of_its_own_counts_for_a_system(scanned: Any, world: Any) -> None:
    rules = scanned.folder / "rules" / "sources" / "erp.yaml"
    rules.write_text(rules.read_text(encoding="utf-8") + "shrink_limit: 0.5\n", encoding="utf-8")
    drop(world, "erp", 6)
    assert scanned.scan()["counts"]["records"] == 34


def test_too_little_memory_is_told_in_words(scanned: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    before = scanned.seen()
    monkeypatch.setenv("MDM_MEMORY_LIMIT", "100KB")
    ran = scanned.try_scan("--full")
    assert ran.code == 2
    assert "needs more memory than the 100KB" in ran.words
    assert scanned.seen() == before


@pytest.mark.parametrize(("name", "value"), [("MDM_THREADS", "none"), ("MDM_STORE_URL", "mdm.sqlite")])
def test_a_wrong_setting_is_told_in_words(scanned: Any, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    ran = scanned.try_scan()
    assert ran.code == 2
    assert name in ran.words
