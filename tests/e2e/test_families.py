"""A parent and its subsidiary stay two customers, also where a record of another system resembles both."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import polars as pl

ERP = """KUNNR,NAME1,STRAS,PSTLZ,ORT01,LAND1,TELF1,PARENT_KEY
1000,Zimara Anlagenbau GmbH,Ringstr. 5,50667,Koeln,DE,0221 445566,
1001,Zimara Anlagenbau Service GmbH,Ringstr. 5,50667,Koeln,DE,0221 445566,1000
1002,Veltron Optik AG,Markt 1,10115,Berlin,DE,030 1234567,
"""
CRM = """Id,Account Name,Billing Street,Billing Postal Code,Billing City,Billing Country,Phone
A1,Zimara Anlagenbau,Ringstr. 5,50667,Koeln,DE,0221 445566
A2,Veltron Optik,Markt 1,10115,Berlin,DE,030 1234567
"""


def customers(mdm: Any, folder: Path, erp: str) -> dict[tuple[str, str], str]:
    (folder / "erp.csv").write_text(erp, encoding="utf-8")
    (folder / "crm.csv").write_text(CRM, encoding="utf-8")
    ran = mdm(
        "dedupe", folder / "crm.csv", folder / "erp.csv", "--map", "erp:parent_key=PARENT_KEY", "--out", folder / "out"
    )
    assert ran.code == 0, ran.err
    rows = pl.read_csv(folder / "out" / "clusters.csv", infer_schema=False).rows()
    return {(system, key): master for system, key, master in rows}


def test_a_parent_and_its_subsidiary_are_two_customers_also_through_another_system(mdm: Any, tmp_path: Path) -> None:
    ids = customers(mdm, tmp_path, ERP)
    assert ids["erp", "1000"] != ids["erp", "1001"]
    assert ids["crm", "A1"] == ids["erp", "1000"]
    assert ids["crm", "A2"] == ids["erp", "1002"]


def test_without_the_parent_they_would_be_one(mdm: Any, tmp_path: Path) -> None:
    ids = customers(mdm, tmp_path, ERP.replace(",1000\n", ",\n"))
    assert ids["erp", "1000"] == ids["erp", "1001"] == ids["crm", "A1"]


def test_another_firm_in_the_same_house_is_another_customer(mdm: Any, tmp_path: Path) -> None:
    neighbour = "1003,Ganz Andere Kanzlei AG,Ringstr. 5,50667,Koeln,DE,0221 998877,\n"
    ids = customers(mdm, tmp_path, ERP + neighbour)
    assert list(ids.values()).count(ids["erp", "1003"]) == 1


def test_a_third_record_does_not_bring_sister_firms_together(mdm: Any, tmp_path: Path) -> None:
    """The bare name may join one of them; both it never joins."""
    text = """id,name,street,postcode,city,country,phone
1,Kelwa Anlagenbau Holding GmbH,Ringstr. 5,50667,Koeln,DE,0221 445566
2,Kelwa Anlagenbau Service GmbH,Ringstr. 5,50667,Koeln,DE,0221 445566
3,Kelwa Anlagenbau,Ringstr. 5,50667,Koeln,DE,0221 445566
4,KELWA ANLAGENBAU HOLDING,Ringstr. 5,50667,Koeln,DE,0221 445566
"""
    (tmp_path / "crm.csv").write_text(text, encoding="utf-8")
    ran = mdm("dedupe", tmp_path / "crm.csv", "--out", tmp_path / "out")
    assert ran.code == 0, ran.err
    masters = dict(
        pl.read_csv(tmp_path / "out" / "clusters.csv", infer_schema=False).select("source_key", "master_id").rows()
    )
    assert masters["1"] == masters["4"]
    assert masters["1"] != masters["2"]
    review = (tmp_path / "out" / "review.csv").read_text(encoding="utf-8")
    assert "Service" in review
