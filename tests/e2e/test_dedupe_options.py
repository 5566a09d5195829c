"""What a person may say to `mdm dedupe`, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from mdm.rulebook import load_mapping


def result_hash(out: Path) -> str:
    return str(json.loads((out / "summary.json").read_text(encoding="utf-8"))["manifest"]["result_hash"])


def systems(out: Path) -> set[str]:
    return set(pl.read_csv(out / "clusters.csv")["source_system"])


def test_a_mapping_gives_the_same_result_as_the_run_that_wrote_it(deduped: Any, mdm: Any, tmp_path: Path) -> None:
    ran = mdm("dedupe", "--mapping", deduped.out / "mapping.yaml", "--out", tmp_path / "again")
    assert ran.code == 0, ran.err
    assert result_hash(tmp_path / "again") == result_hash(deduped.out)
    again = (tmp_path / "again" / "mapping.yaml").read_bytes()
    assert again == (deduped.out / "mapping.yaml").read_bytes()


def test_a_mapping_reads_the_files_given_by_their_names(deduped: Any, mdm: Any, world: Any, tmp_path: Path) -> None:
    files = reversed(world.arguments)
    ran = mdm("dedupe", *files, "--mapping", deduped.out / "mapping.yaml", "--out", tmp_path / "again")
    assert ran.code == 0, ran.err
    assert result_hash(tmp_path / "again") == result_hash(deduped.out)


def test_files_of_one_name_are_taken_in_the_order_of_the_mapping(deduped: Any, mdm: Any, tmp_path: Path) -> None:
    files = []
    for name, path in deduped.world.files.items():
        (tmp_path / name).mkdir()
        files.append(tmp_path / name / "export.csv")
        files[-1].write_bytes(path.read_bytes())
    ran = mdm("dedupe", *files, "--mapping", deduped.out / "mapping.yaml", "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    assert result_hash(tmp_path / "out") == result_hash(deduped.out)


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--map", "name=Id"], "--mapping cannot be given together"),
        (["--key-column", "Id"], "--mapping cannot be given together"),
        (["--system", "a=b.csv"], "--mapping cannot be given together"),
        (["{crm}"], "describes 3 files, 1 was given"),
    ],
)
def test_what_a_mapping_would_overrule_is_refused(
    deduped: Any, mdm: Any, tmp_path: Path, options: list[str], said: str
) -> None:
    words = [word.format(crm=deduped.world.files["crm"]) for word in options]
    ran = mdm("dedupe", *words, "--mapping", deduped.out / "mapping.yaml", "--out", tmp_path / "out")
    assert ran.code == 2
    assert said in ran.words
    assert not (tmp_path / "out").exists()


def test_a_wrong_mapping_is_refused_by_file_line_and_path(mdm: Any, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("version: 1\nsources:\n  - system: crm\n    path: crm.csv\n    kei: Id\n", encoding="utf-8")
    ran = mdm("dedupe", "--mapping", mapping, "--out", tmp_path / "out")
    assert ran.code == 2
    assert "mapping.yaml:5: sources[0].kei" in ran.words
    assert "key" in ran.words


def test_map_overrides_one_role_of_one_system(mdm: Any, world: Any, tmp_path: Path) -> None:
    ran = mdm("dedupe", *world.arguments, "--map", "crm:other_name=Remark", "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    crm, erp, _ = load_mapping(tmp_path / "out" / "mapping.yaml").sources
    assert crm.columns["other_name"].columns == ("Remark",)
    assert "other_name" not in erp.columns
    assert "carried through" not in ran.out


def test_map_without_a_system_counts_for_the_files_with_its_columns(mdm: Any, world: Any, tmp_path: Path) -> None:
    ran = mdm("dedupe", *world.arguments, "--map", "name=NAME1+ORT01", "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    crm, erp, _ = load_mapping(tmp_path / "out" / "mapping.yaml").sources
    assert erp.columns["name"].columns == ("NAME1+ORT01",)
    assert crm.columns["name"].columns == ("Account Name",)


@pytest.mark.parametrize(
    ("option", "said"),
    [
        ("crmm:name=Id", "no file is called system crmm"),
        ("name=Nmae", "no file has the column Nmae"),
        ("erp:name=Id", "no file has the column Id"),
        ("nam=Id", "there is no role 'nam'"),
        ("name", "it has no '='"),
        ("name=", "a column name is empty"),
    ],
)
def test_a_map_that_fits_nothing_is_refused(mdm: Any, world: Any, tmp_path: Path, option: str, said: str) -> None:
    ran = mdm("dedupe", *world.arguments, "--map", option, "--out", tmp_path / "out")
    assert ran.code == 2
    assert said in ran.words
    assert not (tmp_path / "out").exists()


def test_a_system_is_called_as_a_person_says(mdm: Any, world: Any, tmp_path: Path) -> None:
    crm, erp, _ = world.arguments
    ran = mdm("dedupe", crm, erp, "--system", f"sales={crm}", "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    assert systems(tmp_path / "out") == {"sales", "erp"}


def test_a_file_that_only_its_system_names_is_read_too(mdm: Any, world: Any, tmp_path: Path) -> None:
    crm, erp, _ = world.arguments
    ran = mdm("dedupe", "--system", f"sales={crm}", "--system", f"sap={erp}", "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    assert systems(tmp_path / "out") == {"sales", "sap"}


def test_a_given_name_never_hides_a_file(mdm: Any, world: Any, tmp_path: Path) -> None:
    crm, erp, _ = world.arguments
    ran = mdm("dedupe", crm, erp, "--system", f"crm={erp}", "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    assert systems(tmp_path / "out") == {"crm", "crm_2"}
    assert pl.read_csv(tmp_path / "out" / "clusters.csv").height == 30


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["{crm}", "{erp}", "--system", "x={crm}", "--system", "x={erp}"], "Two files are called system x"),
        (["{crm}", "--system", "x={crm}", "--system", "y={crm}"], "is given two names"),
        (["{crm}", "{crm}"], "is given twice"),
        (["{crm}", "--system", "my crm={crm}"], "cannot be the name of a system"),
        (["{crm}", "--system", "../x={crm}"], "cannot be the name of a system"),
        (["{crm}", "--system", "crm"], "is not understood"),
        (["{crm}", "--separator", ";;"], "is not one sign"),
        (["{crm}", "--separator", ""], "is not one sign"),
        (["{crm}", "--key-column", "Nope"], "no file has that column"),
        (["{crm}", "--key-column", ""], "no file has that column"),
        (["{crm}", "--source-column", "Nope"], "no file has that column"),
        ([], "No file was given"),
        (["{crm}x"], "There is no file"),
        (["{folder}"], "is not a file"),
        (["{crm}", "--out", "{erp}"], "is a file, not a folder"),
    ],
)
def test_a_call_that_makes_no_sense_is_refused_in_words(
    mdm: Any, world: Any, tmp_path: Path, words: list[str], said: str
) -> None:
    fill = {"crm": world.files["crm"], "erp": world.files["erp"], "folder": world.folder}
    ran = mdm("dedupe", "--out", tmp_path / "out", *[word.format(**fill) for word in words])
    assert ran.code == 2
    assert said in ran.words
    assert not (tmp_path / "out").exists()


def test_a_key_column_counts_for_the_files_that_have_it(mdm: Any, world: Any, tmp_path: Path) -> None:
    for row in world.rows["crm"]:
        row["Kürzel"] = row["Id"].lower()
    world.write()
    ran = mdm("dedupe", *world.arguments, "--key-column", "Kürzel", "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    keys = pl.read_csv(tmp_path / "out" / "clusters.csv", infer_schema=False)
    assert keys.filter(pl.col("source_system") == "crm")["source_key"].str.contains("^[ab]").all()
    assert keys.height == 40


def one_file(world: Any, path: Path, names: dict[str, str]) -> Path:
    """All systems in one file with a column that names them."""
    rows = []
    for system, given in world.rows.items():
        for row in given:
            values = list(row.values())
            shop = system == "shop"
            name, vat = values[1], row.get("VAT Number") or row.get("STCEG") or row.get("vat_id")
            city = values[2] if shop else values[4]
            rows.append({"system": names[system], "id": values[0], "name": name, "city": city, "vat": vat})
    pl.DataFrame(rows).write_csv(path)
    return path


def test_one_file_may_hold_all_systems(mdm: Any, world: Any, tmp_path: Path) -> None:
    names = {"crm": "CRM (old)", "erp": "ERP", "shop": "web shop"}
    path = one_file(world, tmp_path / "all.csv", names)
    options = ["--source-column", "system", "--key-column", "id"]
    ran = mdm("dedupe", path, *options, "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    assert systems(tmp_path / "out") == set(names.values())
    assert pl.read_csv(tmp_path / "out" / "clusters.csv").height == 40
    assert "describe 16 customers" in ran.words
    again = mdm("dedupe", "--mapping", tmp_path / "out" / "mapping.yaml", "--out", tmp_path / "again")
    assert again.code == 0, again.err
    assert result_hash(tmp_path / "again") == result_hash(tmp_path / "out")


def test_two_shared_files_are_each_read_by_their_own_columns(mdm: Any, world: Any, tmp_path: Path) -> None:
    for name in ("crm", "erp"):
        for row in world.rows[name]:
            row["branch"] = f"{name}-{int(row[next(iter(row))][-1]) % 2}"
    world.write()
    crm, erp, _ = world.arguments
    ran = mdm("dedupe", crm, erp, "--source-column", "branch", "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    assert systems(tmp_path / "out") == {"crm-0", "crm-1", "erp-0", "erp-1"}
    assert "describe 16 customers" in ran.words


def test_systems_that_differ_in_capitals_only_are_refused(mdm: Any, world: Any, tmp_path: Path) -> None:
    path = one_file(world, tmp_path / "all.csv", {"crm": "ERP", "erp": "erp", "shop": "shop"})
    ran = mdm("dedupe", path, "--source-column", "system", "--key-column", "id", "--out", tmp_path / "out")
    assert ran.code == 2
    assert "systems ERP and erp" in ran.words
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("kind", ["xlsx", "parquet", "jsonl"])
def test_other_formats_give_the_same_customers(deduped: Any, mdm: Any, world: Any, tmp_path: Path, kind: str) -> None:
    frame = pl.DataFrame(world.rows["crm"])
    path = tmp_path / f"crm.{kind}"
    if kind == "xlsx":
        frame.write_excel(path)
    elif kind == "parquet":
        frame.write_parquet(path)
    else:
        frame.write_ndjson(path)
    ran = mdm("dedupe", path, *world.arguments[1:], "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    assert result_hash(tmp_path / "out") == result_hash(deduped.out)


def test_a_second_run_leaves_nothing_of_the_first_and_all_of_others(mdm: Any, world: Any, tmp_path: Path) -> None:
    out = tmp_path / "out"
    (out / "records").mkdir(parents=True)
    (out / "records" / "mine.txt").write_text("keep", encoding="utf-8")
    with world.files["crm"].open("a", encoding="utf-8") as file:
        file.write("A900,too,few\n")
    assert mdm("dedupe", *world.arguments, "--out", out).code == 0
    assert (out / "quarantine.csv").exists()
    assert (out / "records" / "shop.parquet").exists()
    world.write()
    assert mdm("dedupe", *world.arguments[:2], "--out", out).code == 0
    assert not (out / "quarantine.csv").exists()
    assert sorted(path.name for path in (out / "records").iterdir()) == ["crm.parquet", "erp.parquet", "mine.txt"]


def test_an_input_is_never_overwritten_by_results(mdm: Any, world: Any) -> None:
    crm = world.files["crm"].rename(world.folder / "golden.csv")
    before = crm.read_bytes()
    ran = mdm("dedupe", crm, world.files["erp"], "--out", world.folder)
    assert ran.code == 2
    assert "in a place of the results" in ran.words
    assert crm.read_bytes() == before
    assert sorted(path.name for path in world.folder.iterdir()) == ["erp.csv", "golden.csv", "shop.csv"]


@pytest.mark.parametrize(
    "name",
    ["q[1]*.csv", "a'b\"; drop table x --.csv", "客户" + "x" * 120 + ".csv", "-[red].csv"],
)
def test_a_hostile_file_name_is_only_a_name(mdm: Any, world: Any, tmp_path: Path, name: str) -> None:
    crm = world.files["crm"].rename(world.folder / name)
    ran = mdm("dedupe", "--out", tmp_path / "out", "--", crm, world.files["erp"])
    assert ran.code == 0, ran.err
    assert name in ran.out.replace("\n", "")
    assert pl.read_csv(tmp_path / "out" / "clusters.csv").height == 30


@pytest.mark.parametrize("name", ["new\nline.csv", "esc\x1b[31m.csv", "half\udce4.csv"])
def test_a_file_name_that_is_no_plain_text_is_refused(mdm: Any, world: Any, tmp_path: Path, name: str) -> None:
    crm = world.files["crm"].rename(world.folder / name)
    ran = mdm("dedupe", crm, "--out", tmp_path / "out")
    assert ran.code == 2
    assert "Rename the file" in ran.words
    assert "\x1b[31m" not in ran.out + ran.err


def test_a_column_name_cannot_drive_the_terminal(mdm: Any, world: Any, tmp_path: Path) -> None:
    for row in world.rows["crm"]:
        row["Phone\x1b[31m :warning: [bold]"] = row.pop("Phone")
    world.write()
    ran = mdm("dedupe", world.files["crm"], "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    assert "\x1b" not in ran.out
    assert ":warning: [bold]" in ran.words
