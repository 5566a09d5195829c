"""A small project for the tests of the desk: two systems, certain and doubtful duplicates, hostile names."""

from __future__ import annotations

import csv
import itertools
import shutil
from pathlib import Path

from stdnum.iso7064 import mod_11_10

from mdm.app import Call, Watch, begin_project, open_project, scan
from mdm.records import RecordKey, SystemName
from mdm.settings import Settings

FIRMS = 60
"""Customers in the CRM: more than one page of the list."""

CERTAIN = range(8)
"""Firms that the ERP has too, with the same numbers."""

DOUBTFUL = range(8, 16)
"""Firms that the ERP has too, with another valid VAT number: a person must look at them."""

ALIKE = range(DOUBTFUL.stop, FIRMS)
"""Firms of the other project that are all doubtful, for what is done with many pairs at once."""

HOSTILE = (
    "<img src=x onerror=alert(1)> Handel",
    "[x](javascript:alert(1)) ![p](http://tracker.example/p.png)",
    "\u202eGmbH Thcerknü",
    "شركة النور للتجارة",
    "🧨 Feuerwerk 🎆 Söhne",
    "Lang" * 75,
    "**fett** $x^2$ :material/home: `code`",
    "</div></script><script>alert(1)</script>",
)
"""Names of the first firms that are doubtful; each is somebody's attempt at being more than a name."""

COLUMNS = ("id", "name", "street", "postcode", "city", "country", "phone", "email", "website", "vat", "changed")
ROLES = {
    "name": "name",
    "street": "street",
    "postcode": "postcode",
    "city": "city",
    "country": "country",
    "phone": "phone",
    "email": "email",
    "website": "website",
    "vat": "vat",
    "changed_at": "changed",
}
FIRST = ["Bral", "Dorv", "Felm", "Gritz", "Hund", "Kasp", "Lorn", "Mald", "Nerv", "Pold"]
LAST = ["agon", "ebius", "idor", "omund", "utex", "yrol"]
CITIES = [("Köln", "50667"), ("Hamburg", "20095"), ("Leipzig", "04109"), ("Bremen", "28195")]


def vat(number: int) -> str:
    """A German VAT number whose check digit is right."""
    digits = f"{10_000_000 + 7919 * number:08d}"
    return f"DE{digits}{mod_11_10.calc_check_digit(digits)}"


def name(n: int) -> str:
    words = [a + b for a, b in itertools.product(FIRST, LAST)]
    return HOSTILE[n - DOUBTFUL.start] if n in DOUBTFUL else f"{words[n]} Werke GmbH"


def firm(n: int) -> dict[str, str]:
    """What the CRM says of firm n."""
    city, postcode = CITIES[n % len(CITIES)]
    return {
        "id": f"C{n:03d}",
        "name": name(n),
        "street": f"{FIRST[n % 10]}weg {n + 1}",
        "postcode": postcode,
        "city": city,
        "country": "DE",
        "phone": f"+49 221 {555_000 + 137 * n}",
        "email": f"post@firma{n}.example",
        "website": f"https://firma{n}.example",
        "vat": vat(n),
        "changed": "2026-01-02",
    }


def in_erp(n: int) -> dict[str, str]:
    """What the ERP says of firm n, in its own way of writing."""
    mine = {**firm(n), "id": f"E{n:03d}", "changed": "2025-03-04"}
    if n in DOUBTFUL:
        return {**mine, "vat": vat(1000 + n)}
    return {**mine, "name": name(n).upper(), "street": f"{FIRST[n % 10]}weg {n + 1}a"}


def write_alike(folder: Path) -> Path:
    """A project with ALIKE pairs that are doubtful in the same way."""
    write_project(folder)
    with (folder / "erp.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows({**firm(n), "id": f"E{n:03d}", "vat": vat(1000 + n)} for n in ALIKE)
    return folder


def write_doubtful(folder: Path) -> Path:
    """A project in which a person must look at every pair but the CERTAIN ones."""
    write_project(folder)
    with (folder / "erp.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(in_erp(n) for n in (*CERTAIN, *DOUBTFUL))
        writer.writerows({**firm(n), "id": f"E{n:03d}", "vat": vat(1000 + n)} for n in ALIKE)
    return folder


def write_valued(folder: Path) -> Path:
    """The project, and in both systems what firms are worth: 1,000 times n in the CRM, 100 times n in the ERP."""
    write_project(folder)
    for system, thousands in (("crm", "{},000.00"), ("erp", "EUR {}00,00")):
        path = folder / f"{system}.csv"
        with path.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, [*COLUMNS, "worth"])
            writer.writeheader()
            writer.writerows({**row, "worth": thousands.format(int(row["id"][1:]))} for row in rows)
        with (folder / "rules" / "sources" / f"{system}.yaml").open("a", encoding="utf-8") as file:
            file.write("  value: worth\n")
    return folder


def left(n: int) -> RecordKey:
    return RecordKey(SystemName("crm"), f"C{n:03d}")


def right(n: int) -> RecordKey:
    return RecordKey(SystemName("erp"), f"E{n:03d}")


def write_project(folder: Path) -> Path:
    """The project's files; nothing is scanned yet."""
    begin_project(folder, ())
    tables = {"crm": [firm(n) for n in range(FIRMS)], "erp": [in_erp(n) for n in (*CERTAIN, *DOUBTFUL)]}
    for system, rows in tables.items():
        with (folder / f"{system}.csv").open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
        lines = [f"system: {system}", f"path: {system}.csv", "key: id", "columns:"]
        lines += [f"  {role}: {column}" for role, column in ROLES.items()]
        (folder / "rules" / "sources" / f"{system}.yaml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def scan_project(folder: Path, at: str = "2026-02-01T08:00:00+00:00") -> Path:
    scan(open_project(folder, Settings()), Settings(), Call(at), Watch())
    return folder


def copy_project(scanned: Path, into: Path) -> Path:
    """A project of a test's own, with its own store."""
    return shutil.copytree(scanned, into)
