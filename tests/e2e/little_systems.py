"""Three little systems with known duplicates, each exported in its own way."""

from __future__ import annotations

import csv
from dataclasses import dataclass, field
from pathlib import Path

from stdnum.iso7064 import mod_11_10

WORDS = ["Nordlicht", "Falkenbach", "Sonnhalde", "Grimmelt", "Tauberfeld", "Ostermoor", "Wendelin", "Kranichau"]
TRADES = ["Maschinenbau", "Gartenbedarf", "Feinmechanik", "Backwaren", "Logistik", "Elektrotechnik", "Möbelwerk"]
CITIES = [("Köln", "50667"), ("Hamburg", "20095"), ("München", "80331"), ("Leipzig", "04109"), ("Bremen", "28195")]
ENTITIES = 16
SYSTEMS = ("crm", "erp", "shop")

Rows = list[dict[str, str]]


def customer(n: int) -> dict[str, str]:
    """What is true about customer n; every value differs from those of the others."""
    city, postcode = CITIES[n % len(CITIES)]
    digits = f"{12345670 + 7919 * n:08d}"
    word = WORDS[n % len(WORDS)] + ("" if n < len(WORDS) else "er")
    return {
        "name": f"{word} {TRADES[n % len(TRADES)]} GmbH",
        "street": f"{WORDS[(n * 3 + 1) % len(WORDS)]}straße {n + 1}",
        "postcode": postcode,
        "city": city,
        "country": "DE",
        "phone": f"+49 221 {555000 + 137 * n}",
        "email": f"info@{word.lower()}{n}.example",
        "vat": f"DE{digits}{mod_11_10.calc_check_digit(digits)}",
    }


def crm_row(n: int, key: str | None = None) -> dict[str, str]:
    c = customer(n)
    return {
        "Id": key or f"A{n:03d}",
        "Account Name": c["name"],
        "Billing Street": c["street"],
        "Billing Postal Code": c["postcode"],
        "Billing City": c["city"],
        "Billing Country": c["country"],
        "Phone": c["phone"],
        "Email": c["email"],
        "VAT Number": c["vat"],
        "Remark": f"note {n} kept",
    }


def erp_row(n: int) -> dict[str, str]:
    c = customer(n)
    return {
        "KUNNR": f"{n + 1:010d}",
        "NAME1": c["name"].upper().removesuffix(" GMBH"),
        "STRAS": c["street"].replace("straße", "str."),
        "PSTLZ": c["postcode"],
        "ORT01": c["city"],
        "LAND1": c["country"],
        "TELF1": c["phone"].replace("+49 ", "0"),
        "STCEG": c["vat"],
    }


def shop_row(n: int) -> dict[str, str]:
    c = customer(n)
    return {
        "customer_id": f"S-{n}",
        "company": c["name"].replace(" GmbH", " Ges.m.b.H."),
        "city": c["city"],
        "zip": c["postcode"],
        "email": c["email"],
        "vat_id": c["vat"],
    }


@dataclass
class World:
    """The rows of each system as they would be exported, to be changed between two scans."""

    folder: Path
    rows: dict[str, Rows] = field(default_factory=dict)

    @property
    def files(self) -> dict[str, Path]:
        return {name: self.folder / f"{name}.csv" for name in SYSTEMS}

    @property
    def arguments(self) -> list[str]:
        return [str(path) for path in self.files.values()]

    def write(self) -> None:
        """Write all systems, each in its own way."""
        write_csv(self.files["crm"], self.rows["crm"])
        write_csv(self.files["erp"], self.rows["erp"], separator=";", encoding="cp1252")
        write_csv(self.files["shop"], self.rows["shop"], separator="\t", encoding="utf-16")

    def key(self, system: str, row: dict[str, str]) -> str:
        return row[{"crm": "Id", "erp": "KUNNR", "shop": "customer_id"}[system]]

    def keys(self, system: str) -> set[str]:
        return {self.key(system, row) for row in self.rows[system]}


def write_csv(path: Path, rows: Rows, *, separator: str = ",", encoding: str = "utf-8") -> None:
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]), delimiter=separator)
        writer.writeheader()
        writer.writerows(rows)


def write_truth(path: Path) -> Path:
    """The truth about the systems as the fixture `world` makes them."""
    rows = [{"source": "crm", "id": f"A{n:03d}", "entity_id": str(n)} for n in range(ENTITIES)]
    rows += [{"source": "crm", "id": f"B{n:03d}", "entity_id": str(n)} for n in (2, 5)]
    rows += [{"source": "erp", "id": f"{n + 1:010d}", "entity_id": str(n)} for n in range(12)]
    rows += [{"source": "shop", "id": f"S-{n}", "entity_id": str(n)} for n in range(6, ENTITIES)]
    write_csv(path, rows)
    return path


def make_world(folder: Path) -> World:
    """40 records of 16 customers: all in the CRM, two of them twice, 12 in the ERP, 10 in the shop."""
    folder.mkdir(parents=True)
    crm = [crm_row(n) for n in range(ENTITIES)] + [crm_row(n, f"B{n:03d}") for n in (2, 5)]
    erp = [erp_row(n) for n in range(12)]
    shop = [shop_row(n) for n in range(6, ENTITIES)]
    made = World(folder, {"crm": crm, "erp": erp, "shop": shop})
    made.write()
    return made
