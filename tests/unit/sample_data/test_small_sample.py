"""The committed sample: what it promises about its truth, its bytes and its difficulty."""

from __future__ import annotations

import hashlib
from pathlib import Path

import polars as pl
import pytest

from sample_data.generate import generate, main

SMALL = Path(__file__).parents[3] / "sample_data" / "small"
CUSTOMERS = 1024
"""What `--records 2000` comes to."""


def digests(folder: Path) -> dict[str, str]:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def read(path: str, separator: str = ",", encoding: str = "utf8") -> pl.DataFrame:
    return pl.read_csv(SMALL / path, separator=separator, encoding=encoding, infer_schema=False)


@pytest.fixture(scope="module")
def truth() -> pl.DataFrame:
    return read("truth.csv")


@pytest.fixture(scope="module")
def names() -> pl.DataFrame:
    """source, id and name of every record, read from the files as they are."""
    sap = read("data/sap/KNA1.csv", ";")
    oracle = read("data/oracle/HZ_CUST_ACCOUNTS.csv").join(read("data/oracle/HZ_PARTIES.csv"), on="PARTY_ID")
    odoo = read("data/odoo/res_partner.csv", ";", "cp1252")
    office = pl.read_excel(SMALL / "data/office/klantenlijst.xlsx", read_options={"header_row": 2})
    both = pl.concat_str("NAME1", "NAME2", separator=" ", ignore_nulls=True)
    return pl.concat(
        [
            read("data/salesforce/Account.csv").select(source=pl.lit("salesforce"), id="Id", name="Name"),
            sap.select(source=pl.lit("sap"), id="KUNNR", name=both),
            oracle.select(source=pl.lit("oracle"), id="CUST_ACCOUNT_ID", name="PARTY_NAME"),
            odoo.select(source=pl.lit("odoo"), id="ID", name="Name"),
            office.select(source=pl.lit("office"), id="Klantnr", name="Bedrijfsnaam"),
        ]
    )


def pairs(groups: pl.DataFrame) -> int:
    size = groups["len"].cast(pl.Int64)
    return int((size * (size - 1) // 2).sum())


def test_the_same_seed_gives_the_same_bytes(tmp_path: Path) -> None:
    generate(1, CUSTOMERS, tmp_path)
    assert digests(tmp_path) == digests(SMALL)


def test_another_seed_gives_another_world(tmp_path: Path) -> None:
    generate(2, 200, tmp_path / "two")
    generate(1, 200, tmp_path / "one")
    assert digests(tmp_path / "two")["truth.csv"] != digests(tmp_path / "one")["truth.csv"]


def test_the_sample_stays_below_two_megabytes() -> None:
    assert sum(path.stat().st_size for path in SMALL.rglob("*") if path.is_file()) < 2_000_000


def test_every_record_stands_in_the_truth_exactly_once(truth: pl.DataFrame, names: pl.DataFrame) -> None:
    assert truth.select("source", "id").is_unique().all()
    assert truth.select("source", "id").sort("source", "id").equals(names.select("source", "id").sort("source", "id"))


def test_about_half_of_the_customers_stand_in_one_system_only(truth: pl.DataFrame) -> None:
    systems = truth.group_by("entity_id").agg(pl.col("source").n_unique())["source"]
    assert 0.45 < (systems == 1).mean() < 0.58  # type: ignore[operator]  # a mean of booleans is a float
    assert systems.max() == 5


def test_five_to_eight_of_a_hundred_records_are_duplicates_within_a_system(truth: pl.DataFrame) -> None:
    twice = truth.height - truth.select("source", "entity_id").unique().height
    assert 0.05 < twice / truth.height < 0.09


def test_the_shares_of_the_systems_are_as_promised(truth: pl.DataFrame) -> None:
    share = {source: count / truth.height for source, count in truth.group_by("source").len().rows()}
    wanted = {"salesforce": 0.34, "sap": 0.32, "oracle": 0.15, "odoo": 0.14, "office": 0.06}
    assert all(abs(share[source] - wanted[source]) < 0.03 for source in wanted)


def test_exact_names_alone_are_neither_useless_nor_enough(truth: pl.DataFrame, names: pl.DataFrame) -> None:
    spelled = pl.col("name").str.to_lowercase().str.normalize("NFKD").str.replace_all(r"\p{M}", "")
    exact = spelled.str.replace_all(r"[^\p{L}\p{N}]+", " ").str.strip_chars()
    records = names.join(truth, on=["source", "id"]).with_columns(exact=exact).filter(pl.col("exact") != "")
    hit, said = pairs(records.group_by("exact", "entity_id").len()), pairs(records.group_by("exact").len())
    true = pairs(truth.group_by("entity_id").len())
    assert 0.55 < 2 * hit / (said + true) < 0.75
    assert 0.80 < hit / said < 0.97


def test_ship_to_sites_are_customers_of_their_own(truth: pl.DataFrame) -> None:
    functions = read("data/sap/KNVP.csv", ";").filter(pl.col("PARVW") == "WE", pl.col("KUNNR") != pl.col("KUNN2"))
    entity = dict(truth.filter(pl.col("source") == "sap").select("id", "entity_id").rows())
    assert functions.height > 20
    assert all(entity[sold_to] != entity[ship_to] for sold_to, ship_to in functions.select("KUNNR", "KUNN2").rows())


def test_one_vat_number_can_stand_for_several_sister_companies(truth: pl.DataFrame) -> None:
    sold_to = read("data/sap/KNA1.csv", ";").filter(pl.col("KTOKD") != "0002", pl.col("STCEG").str.len_chars() > 8)
    known = sold_to.join(truth.filter(pl.col("source") == "sap"), left_on="KUNNR", right_on="id")
    assert known.group_by("STCEG").agg(pl.col("entity_id").n_unique()).filter(pl.col("entity_id") > 1).height >= 3


def test_every_document_belongs_to_a_known_customer(truth: pl.DataFrame) -> None:
    known = truth.select(system="source", customer_key="id")
    for name in ("open_orders.csv", "invoices.csv"):
        documents = read(name)
        assert documents.height > 100
        assert documents.join(known, on=["system", "customer_key"], how="anti").is_empty()
        assert documents["currency"].n_unique() > 5


def test_the_office_keeps_two_lines_of_banner_above_its_headings() -> None:
    sheet = pl.read_excel(SMALL / "data/office/klantenlijst.xlsx", has_header=False)
    assert sheet[2, 0] == "Klantnr"


def test_the_odoo_export_is_no_utf8() -> None:
    with pytest.raises(UnicodeDecodeError):
        (SMALL / "data/odoo/res_partner.csv").read_text(encoding="utf-8")


def test_the_command_says_how_many_records_it_wrote(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--seed", "3", "--customers", "50", "--out", str(tmp_path)]) == 0
    assert "records of 50 customers" in capsys.readouterr().out


def test_the_readme_counts_what_is_there(truth: pl.DataFrame) -> None:
    text = (SMALL.parent / "README.md").read_text(encoding="utf-8")
    assert f"{truth.height:,} records of {truth['entity_id'].n_unique():,} customers" in text
    assert f"{pairs(truth.group_by('entity_id').len()):,} pairs" in text
    rows = truth.group_by("source").len().rows()
    assert all(
        f"| {count} |" in next(line for line in text.splitlines() if f"`{source}`" in line) for source, count in rows
    )
